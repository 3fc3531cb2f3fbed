import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
from worldloom.generators import registry
from worldloom.generators.errors import GeneratorError, UnknownGeneratorError
from worldloom.generators.ports import Generator
from worldloom.generators.registry import GROUP, known, register, resolve


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})


def _plugins(monkeypatch, *entries):
    monkeypatch.setattr(registry, "entry_points", lambda group: [EntryPoint(*entry, GROUP) for entry in entries])


@pytest.mark.parametrize(("kind", "spec"), [("image", "procedural"), ("mesh", "embedded")])
def test_built_ins_resolve_to_generators_that_say_who_they_are(kind, spec):
    generator = resolve(kind, spec)
    assert isinstance(generator, Generator)
    assert generator.identity.backend == spec


def test_unknown_name_lists_what_exists():
    with pytest.raises(UnknownGeneratorError, match=r"'watercolour'.*there are: .*procedural"):
        resolve("image", "watercolour")


def test_unknown_kind_lists_the_kinds():
    with pytest.raises(UnknownGeneratorError, match="image, mesh"):
        resolve("smell", "embedded")


def test_a_name_of_another_kind_is_unknown():
    with pytest.raises(UnknownGeneratorError):
        resolve("mesh", "procedural")


def test_registered_factory_gets_what_follows_the_first_colon():
    seen = []
    register("text", "scripted", lambda argument: seen.append(argument) or resolve("image", "procedural"))
    resolve("text", "scripted:http://host:1#model")
    resolve("text", "scripted")
    assert seen == ["http://host:1#model", ""]
    assert "scripted" in known()["text"]


def test_a_second_factory_of_the_same_name_is_refused_but_the_same_one_is_not():
    def factory(argument):
        return resolve("image", "procedural")

    register("text", "scripted", factory)
    register("text", "scripted", factory)
    with pytest.raises(GeneratorError, match="exists already"):
        register("text", "scripted", lambda argument: factory(argument))


def test_built_ins_cannot_be_replaced():
    with pytest.raises(GeneratorError, match="exists already"):
        register("image", "procedural", lambda argument: None)


@pytest.mark.parametrize(("kind", "name"), [("", "a"), ("a b", "x"), ("image", ""), ("image", "a:b"), ("image", "a.b")])
def test_names_that_no_specification_could_say_are_refused(kind, name):
    with pytest.raises(GeneratorError):
        register(kind, name, lambda argument: None)


def test_plug_ins_are_found_by_entry_point(monkeypatch):
    _plugins(monkeypatch, ("image.mine", "worldloom.generators.image.procedural:from_argument"))
    assert "mine" in known()["image"]
    assert resolve("image", "mine").identity.model == "village-drawings-1"


def test_a_broken_plug_in_says_which_one_and_only_when_asked_for(monkeypatch):
    _plugins(monkeypatch, ("image.broken", "no_such_module_anywhere:make"))
    resolve("image", "procedural")
    with pytest.raises(GeneratorError, match=r"image\.broken.*no_such_module_anywhere"):
        resolve("image", "broken")


def test_a_plug_in_that_takes_a_built_in_name_is_refused(monkeypatch):
    _plugins(monkeypatch, ("image.procedural", "elsewhere:make"))
    with pytest.raises(GeneratorError, match="elsewhere"):
        resolve("image", "procedural")


def test_a_plug_in_without_kind_is_refused(monkeypatch):
    _plugins(monkeypatch, ("mine", "elsewhere:make"))
    with pytest.raises(GeneratorError, match=r"kind\.name"):
        known()


def test_procedural_takes_no_argument():
    with pytest.raises(UnknownGeneratorError):
        resolve("image", "procedural:x")


def test_resolving_loads_neither_torch_nor_pillow():
    code = (
        "import sys; from worldloom.generators.registry import resolve\n"
        "resolve('mesh', 'embedded').identity; resolve('image', 'procedural').identity\n"
        "print(sorted({'torch', 'transformers', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
