"""Settings become a configuration: complete, of known names, of the right types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainables.errors import InvalidSetting
from trainables.recipe.recipes import recipe_of
from trainables.resolving import DEFAULTS, SYNONYMS, parts, read, resolve, spelled


def test_defaults_fill_every_part():
    settings = resolve({}).settings
    for part in parts(DEFAULTS).values():
        assert set(part) <= set(settings)


def test_unknown_parameter_names_the_nearest():
    with pytest.raises(InvalidSetting, match=r"Unknown parameter 'learnin_rate': did you mean 'learning_rate'\?"):
        resolve({"learnin_rate": 0.1})


def test_parameter_of_another_architecture_is_unknown():
    with pytest.raises(InvalidSetting, match="Unknown parameter 'units'"):
        resolve({"architecture": "lenet", "units": "128"})


@pytest.mark.parametrize("name", ["corpus", "protocol", "segmentation", "front_end", "architecture"])
def test_unknown_part_is_refused(name):
    with pytest.raises(InvalidSetting, match=r"Unknown .* 'nonsense'"):
        resolve({name: "nonsense"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("bands", "64"), ("bands", 64.0), ("kernel", 5), ("epochs", True), ("learning_rate", "fast"), ("seconds", None)],
)
def test_value_of_the_wrong_type_is_refused(name, value):
    with pytest.raises(InvalidSetting, match=f"{name} is .*: it must be of type"):
        resolve({name: value})


def test_whole_number_serves_as_float():
    assert resolve({"learning_rate": 1}).settings["learning_rate"] == 1.0


@pytest.mark.parametrize("bad", [{"learning_rate": 0.0}, {"batch_size": 0}, {"epochs": 0}, {"optimiser": "adm"}])
def test_recipe_refuses(bad):
    with pytest.raises(InvalidSetting):
        recipe_of(resolve(bad))


@given(st.one_of(st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False)))
def test_what_is_printed_is_read_back(value):
    found = read("name", str(value), value)
    assert found == value
    assert type(found) is type(value)


def test_settings_are_read_by_the_types_of_their_defaults():
    texts = {"architecture": "lstm", "units": "128", "learning_rate": "1", "seed": "3", "top_db": "60", "unknown": "7"}
    assert spelled(texts, {"bands": 32}) == {
        "architecture": "lstm",
        "units": "128",
        "learning_rate": 1.0,
        "seed": 3,
        "top_db": 60.0,
        "unknown": "7",
        "bands": 32,
    }
    assert spelled({"parameter_matched": "True"}, {}) == {"parameter_matched": True}


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("parameter_matched", "yes", "it must be true or false"),
        ("bands", "64.5", "it must be a number like 64"),
        ("learning_rate", "fast", "it must be a number like 0.001"),
    ],
)
def test_text_that_spells_no_value_is_refused(name, text, sentence):
    with pytest.raises(InvalidSetting, match=sentence):
        spelled({name: text}, {})


def test_synonyms_are_of_settings_and_no_settings_themselves():
    settings = set(resolve({"architecture": "lenet"}).settings)
    assert set(SYNONYMS.values()) <= settings
    assert not settings & set(SYNONYMS)
    for name, meant in SYNONYMS.items():
        with pytest.raises(InvalidSetting, match=f"Unknown parameter '{name}': did you mean '{meant}'"):
            resolve({name: 1})
