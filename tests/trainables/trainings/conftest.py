"""Settings that trainings share."""

import pytest


@pytest.fixture(scope="session")
def images() -> dict[str, object]:
    """A DCGAN on small images, but for its training and how long it takes."""
    return {
        "architecture": "dcgan_discriminator",
        "front_end": "mfcc_image",
        "side": 32,
        "frame": 1024,
        "seconds": 0.25,
        "width": 4,
        "generator_width": 4,
        "latent": 8,
        "batch_size": 4,
        "beta1": 0.5,
        "initialisation": "normal",
        "samples": 5,
        "sounds": 2,
        "judge_epochs": 1,
        "epochs": 2,
    }
