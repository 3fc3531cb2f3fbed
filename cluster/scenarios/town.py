"""Town: 30 people with trades and purses. What is made is carried to market, and what is scarce becomes dear.

Everybody begins with 60 pennies and asks much the same for everything. Nobody is told how much there is of anything: a
price goes up when things sell and down when they are left over. Goods, money and prices are the world's; what to buy,
and what to ask, people decide.
"""

from worldloom.cluster import MarketSpec, Scenario, Stage

FOOD = ("loaf", "fish", "stew", "apples")
WARES = ("knife", "stool", "net", "sack", "salve", "candle", "fleece")

scenario = Scenario(
    name="town",
    title="Two markets in a town of 30",
    agents=30,
    start="06:00",
    hours=13,
    seed=5,
    market=MarketSpec(pennies=60),
    generators={"text": "rules", "image": "procedural", "mesh": "embedded", "sound": "procedural"},
    portraits=False,
)


@scenario.at(time="06:00")
def market_day(stage: Stage) -> None:
    """Everybody knows when the markets are; who goes, and with what, is theirs."""
    hall = stage.place("market_hall").name
    for agent in stage.agents():
        for hour in ("ten", "three"):
            stage.tell(agent, f"There is a market at {hall} today at {hour}.")


@scenario.measure("trades")
def trades(stage: Stage) -> int:
    """How many things were bought."""
    return len(stage.sales)


@scenario.measure("goods")
def goods(stage: Stage) -> int:
    """How many things changed hands, those that did so more than once counted once."""
    return len({sale.item for sale in stage.sales})


@scenario.measure("buyers")
def buyers(stage: Stage) -> int:
    """How many people bought something."""
    return len({sale.buyer for sale in stage.sales})


@scenario.measure("money")
def money(stage: Stage) -> int:
    """Pennies in all purses: as many as at the beginning."""
    return sum(stage.purse(agent) for agent in stage.agents())


@scenario.measure("gini")
def gini(stage: Stage) -> int:
    """How unequal purses are, in thousandths: 0 when all are alike, as at the beginning."""
    purses = sorted(stage.purse(agent) for agent in stage.agents())
    weighted = sum((2 * rank - len(purses) + 1) * pennies for rank, pennies in enumerate(purses))
    return 1000 * weighted // (len(purses) * max(1, sum(purses)))


def measure_price(thing: str) -> None:
    """Measure the mean price of a good in hundredths of a penny; 0 when none was sold."""

    @scenario.measure(f"price_of_{thing}")
    def price(stage: Stage) -> int:
        paid = [sale.price for sale in stage.sales if sale.thing == thing]
        return 100 * sum(paid) // len(paid) if paid else 0


for thing in (*FOOD, *WARES):
    measure_price(thing)
