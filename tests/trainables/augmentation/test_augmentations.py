"""What every registered augmentation must do, and chains of them."""

import pytest
import torch
from torch import Tensor

from trainables.augmentation import AUGMENTATIONS
from trainables.augmentation.chain import chain
from trainables.augmentation.draws import stream
from trainables.errors import InvalidSetting
from trainables.resolving import DEFAULTS, parts

RATE = 8000


@pytest.fixture(params=list(AUGMENTATIONS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def batch(clips: int = 6, samples: int = 4000) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    waveforms = 0.1 * torch.randn(clips, samples, generator=generator)
    return waveforms, torch.eye(clips)


def test_shapes_and_types_stay(name: str) -> None:
    waveforms, labels = batch()
    heard, named = AUGMENTATIONS[name].build(RATE)(waveforms, labels, stream(0, 0))
    assert heard.shape == waveforms.shape
    assert heard.dtype == torch.float32
    assert heard.isfinite().all()
    assert named.shape == labels.shape


def test_it_changes_the_waveforms_and_not_its_input(name: str) -> None:
    waveforms, labels = batch()
    settings = {"silence_share": 0.5} if name == "silence" else {}
    heard, _ = AUGMENTATIONS[name].build(RATE, **settings)(waveforms, labels, stream(0, 0))
    assert not torch.equal(heard, waveforms)
    assert torch.equal(waveforms, batch()[0])
    assert torch.equal(labels, batch()[1])


def test_the_same_state_gives_the_same_and_another_epoch_another(name: str) -> None:
    augment = AUGMENTATIONS[name].build(RATE, **({"silence_share": 0.5} if name == "silence" else {}))
    heard = [augment(*batch(), stream(*place))[0] for place in ((3, 7), (3, 7), (3, 8), (4, 7))]
    assert torch.equal(heard[0], heard[1])
    assert not torch.equal(heard[0], heard[2])
    assert not torch.equal(heard[0], heard[3])


def test_nothing_but_the_generator_is_random(name: str) -> None:
    augment = AUGMENTATIONS[name].build(RATE)
    torch.manual_seed(1)
    before = torch.get_rng_state()
    augment(*batch(), stream(0, 0))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("clips", [1, 2])
def test_small_batches_and_short_segments_work(name: str, clips: int) -> None:
    heard, _ = AUGMENTATIONS[name].build(RATE)(*batch(clips, 160), stream(0, 0))
    assert heard.shape == (clips, 160)
    assert heard.isfinite().all()


def test_silence_stays_silent(name: str) -> None:
    heard, _ = AUGMENTATIONS[name].build(RATE)(torch.zeros(4, 3000), torch.eye(4), stream(0, 0))
    assert heard.abs().max() < 1e-6


def test_class_numbers_pass_through(name: str) -> None:
    if name == "mixing":
        pytest.skip("mixed clips have several labels")
    labels = torch.arange(6)
    assert torch.equal(AUGMENTATIONS[name].build(RATE)(batch()[0], labels, stream(0, 0))[1], labels)


def test_no_two_share_the_name_of_a_parameter() -> None:
    names = [parameter for entry in AUGMENTATIONS.values() for parameter in entry.parameters]
    assert len(names) == len(set(names))


def test_it_cites_its_source(name: str) -> None:
    assert AUGMENTATIONS[name].sources
    assert AUGMENTATIONS[name].summary


def test_a_chain_applies_its_links_in_order() -> None:
    waveforms, labels = batch()
    generator = stream(1, 1)
    expected = AUGMENTATIONS["roll"].build(RATE)(waveforms, labels, generator)
    expected = AUGMENTATIONS["noise"].build(RATE, snr_low=5.0)(*expected, generator)
    found = chain("roll+noise", RATE, {"snr_low": 5.0, "hop": 512})(waveforms, labels, stream(1, 1))
    assert torch.equal(found[0], expected[0])
    parameters = parts({**DEFAULTS, "augmentation": "roll+noise"})["augmentation"]
    assert parameters == {"roll_seconds": 0.5, "snr_low": 10.0, "snr_high": 30.0}


def test_no_name_is_no_augmentation() -> None:
    waveforms, labels = batch()
    assert chain("", RATE, {})(waveforms, labels, stream(0, 0)) == (waveforms, labels)
    assert parts(DEFAULTS)["augmentation"] == {}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="did you mean 'noise'"):
        chain("noises", RATE, {})


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_it_runs_on_a_gpu(name: str) -> None:
    waveforms, labels = (each.to("cuda") for each in batch())
    for device in ("cpu", "cuda"):
        heard, named = AUGMENTATIONS[name].build(RATE)(waveforms, labels, stream(0, 0, device))
        again, _ = AUGMENTATIONS[name].build(RATE)(waveforms, labels, stream(0, 0, device))
        assert heard.device == named.device == waveforms.device
        assert torch.equal(heard, again)
