"""PlaneSpot (Plumb et al. 2023): a Gaussian mixture on a two-dimensional picture of the vectors and the errors.

Written after the public PlaneSpotSlicer: the picture is scaled to 0 to 1, the error of a clip is a third dimension
with a small weight, the number of components is that with the least BIC. t-SNE takes the place of scvis.
"""

import numpy as np
from numpy.typing import NDArray

from slice_finding.domino import clip_errors
from slicecore.metrics import Costs

ERROR_WEIGHT = 0.025
COMPONENTS = range(30, 91, 15)
"""Numbers of components tried; 30 to 90 was best on seeds 100 to 102 (8 settings)."""


def planespot(vectors: NDArray[np.float32], costs: Costs) -> list[NDArray[np.int64]]:
    """Rows of every component, ranked by its errors times its error rate; clips by their probability."""
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from sklearn.mixture import GaussianMixture

    principal = PCA(min(50, *vectors.shape), random_state=0).fit_transform(vectors)
    plane = TSNE(2, random_state=0).fit_transform(principal).astype(np.float64)
    plane = (plane - plane.min(axis=0)) / np.ptp(plane, axis=0)
    wrong = clip_errors(costs)
    x = np.column_stack([plane, ERROR_WEIGHT * wrong])
    mixtures = [GaussianMixture(k, random_state=0).fit(x) for k in COMPONENTS]
    probability = min(mixtures, key=lambda mixture: mixture.bic(x)).predict_proba(x)
    component = probability.argmax(axis=1)
    slices = []
    for i in np.unique(component):
        members = np.flatnonzero(component == i)
        slices.append(members[np.argsort(-probability[members, i], kind="stable")])
    return sorted(slices, key=lambda members: -wrong[members].sum() * wrong[members].mean())
