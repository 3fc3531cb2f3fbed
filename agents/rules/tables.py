"""What the rule expert goes by: working hours, what each job makes, words to say and to write. Data only."""

from __future__ import annotations

HOURS: dict[str, tuple[int, int]] = {
    "fisher": (390, 870),
    "baker": (385, 850),
    "innkeeper": (540, 1080),
    "smith": (470, 1020),
    "trader": (510, 1040),
    "netmaker": (480, 990),
    "priest": (520, 980),
    "carpenter": (465, 1010),
    "farmer": (420, 960),
    "healer": (530, 1010),
    "teacher": (510, 900),
    "fish smoker": (475, 970),
    "miller": (480, 990),
    "shepherd": (410, 1000),
    "child": (540, 840),
}
"""First and last minute of a working day, counted from midnight."""
OTHER_HOURS = (490, 1000)

MAKERS = ("smith", "carpenter", "netmaker", "baker", "fish smoker")
"""Who is asked to make things."""

CRAFTS: dict[str, tuple[str, ...]] = {
    "smith": ("prop", "prop", "sign", "emblem", "letter", "tile"),
    "carpenter": ("prop", "prop", "prop", "sign", "letter", "song"),
    "netmaker": ("prop", "prop", "emblem", "letter", "song"),
    "innkeeper": ("sign", "sign", "letter", "song", "song", "prop"),
    "trader": ("sign", "sign", "letter", "prop", "tile"),
    "baker": ("sign", "letter", "prop", "tile", "song"),
    "priest": ("letter", "letter", "emblem", "song", "portrait"),
    "teacher": ("letter", "portrait", "portrait", "tile", "sign"),
    "healer": ("letter", "letter", "portrait", "tile"),
    "child": ("tile", "tile", "portrait", "emblem", "song"),
}
"""What each job makes, the more often the more it stands here."""
OTHER_CRAFTS = ("letter", "prop", "emblem", "sign", "portrait", "tile", "song")

THINGS: dict[str, tuple[str, ...]] = {
    "smith": ("lantern", "anchor", "hammer", "pot"),
    "carpenter": ("chair", "table", "boat", "chest", "bench", "stool", "cart"),
    "netmaker": ("float", "basket", "tent"),
    "fisher": ("float", "oar", "fish", "anchor", "bucket"),
    "baker": ("loaf", "basket", "table"),
    "innkeeper": ("mug", "bench", "barrel", "lantern"),
    "trader": ("crate", "barrel", "cart", "signpost"),
    "farmer": ("basket", "cart", "bucket", "crate"),
    "priest": ("candle", "bench", "lantern"),
    "healer": ("pot", "basket", "mug"),
    "teacher": ("stool", "bench", "chest"),
    "fish smoker": ("fish", "barrel", "crate"),
    "miller": ("barrel", "crate", "cart"),
    "shepherd": ("well", "bucket", "stool"),
    "child": ("boat", "fish", "stool", "float"),
}
OTHER_THINGS = ("stool", "basket", "bench", "lantern")

PLACE_SUBJECTS: dict[str, str] = {
    "inn": "mug",
    "bakery": "loaf",
    "smithy": "hammer",
    "net_loft": "fish",
    "boathouse": "boat",
    "market_hall": "crown",
    "chapel": "star",
    "workshop": "hammer",
    "school": "key",
    "healer": "star",
    "smokehouse": "fish",
    "granary": "sheaf",
    "field": "sheaf",
    "square": "crown",
    "well": "wave",
    "harbour": "anchor",
    "beach": "wave",
    "lookout": "star",
    "home": "lantern",
}
"""What a sign shows where it hangs."""

JOB_SUBJECTS: dict[str, tuple[str, ...]] = {
    "fisher": ("fish", "boat", "wave"),
    "smith": ("hammer", "anchor", "key"),
    "carpenter": ("boat", "hammer", "key"),
    "netmaker": ("fish", "anchor", "wave"),
    "baker": ("loaf", "sheaf"),
    "innkeeper": ("mug", "lantern", "crown"),
    "trader": ("crown", "key", "boat"),
    "farmer": ("sheaf", "star"),
    "miller": ("sheaf", "wave"),
    "priest": ("star", "lantern"),
    "child": ("boat", "star", "fish", "crown"),
}
OTHER_SUBJECTS = ("star", "wave", "lantern", "anchor", "key")

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple")
SIZES = ("small", "medium", "medium", "large")
OCCASIONS = (
    "greeting",
    "thanks",
    "invitation",
    "apology",
    "good wishes",
    "a memory shared",
    "a small request",
)

LUNCH = ("inn", "bakery", "market_hall", "home")
"""Where people eat at noon, by kind of place."""
SUPPER = ("home", "home", "inn")
LARDERS = ("inn", "bakery", "harbour", "market_hall")
"""Where there is food, looked up in this order from a chance beginning."""
EVENINGS = ("square", "harbour", "inn", "chapel", "well", "beach", "home")
WALKS = ("lookout", "beach", "harbour", "well")

OPENINGS: dict[str, tuple[str, ...]] = {
    "kind": ("Dear e1,", "My dear e1,"),
    "blunt": ("e1,", "To e1."),
    "talkative": ("Dearest e1, where do I begin.", "Dear e1, I have so much to tell you about nothing at all."),
    "": ("Dear e1,", "Good e1,"),
}
"""By a word of the writer's manner."""
LETTERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "greeting": (
        ("I thought of you over my work today.", "It is a while since we sat down together."),
        (
            "Nothing lifts me like {like}, and next to it comes your company.",
            "Here I am, {age} years old, and still fond of {like}.",
        ),
        ("Come by when you can.", "Think of me when you pass."),
    ),
    "thanks": (
        ("I have not thanked you as I should.", "You did me a kindness, and I have not forgotten it."),
        ("It meant as much to me as {like}.", "A {job} does not often find the words, so I write them down."),
        ("I am in your debt, gladly.", "Thank you, with all my heart."),
    ),
    "invitation": (
        ("My door is open to you.", "I should like to have you at my table."),
        ("I can offer {like}, or at least talk of it.", "There is always a chair for you by my fire."),
        ("Choose your own day.", "Come as you are."),
    ),
    "apology": (
        ("I spoke too quickly, and I am sorry for it.", "I was short with you, which you had not earned."),
        ("Put it down to a {job}'s long days.", "I had {like} on my mind and no patience left."),
        ("Let us be as we were.", "Forgive me when you can."),
    ),
    "good wishes": (
        ("I wish you a light heart and dry boots.", "May the year be gentle with you."),
        ("May you have {like}, or whatever you love as I love that.", "You deserve more good days than there are."),
        ("That is all, and I mean it.", "Keep well."),
    ),
    "a memory shared": (
        ("Do you remember how we laughed until we wept?", "I found myself thinking of old times."),
        ("I must have been half my {age} years, and already mad for {like}.", "You knew even then who I was."),
        ("Those days are still warm.", "I would not trade it for anything."),
    ),
    "a small request": (
        ("I have a favour to ask, and a small one.", "You know I do not ask lightly."),
        ("Lend me an hour of your patience when you have one.", "You know more about {like} than you admit; teach me."),
        ("I will repay it, {job}'s word.", "Say no if you must."),
    ),
}
"""By occasion: one of each row is taken, in this order."""
CLOSINGS = ("Yours, e2.", "Your friend e2.", "e2, with good will.", "As ever, e2.")
