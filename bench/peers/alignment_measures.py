"""The measures of alignment by their reference packages, or re-run from their definitions in NumPy where there is none on PyPI.

rsatoolbox 0.3.2: Kendall's taus, rho-a, cosine, Pearson and Spearman over dissimilarities. scipy: Procrustes, orthogonal maps, principal
angles between subspaces (whose cosines are the canonical correlations). scikit-learn: neighbours, Gaussian kernels, PCA, ridge.
Re-run here, because their packages are not on PyPI: platonic-rep metrics.py at 07ef02a (mutual kNN, CKNNA, without its 1e-6), resi at
f9403bd (Jaccard, rank similarity; second-order cosine on similarities, as Hamilton et al. 2016 define it), google/svcca at 1f3fbf1 (PWCCA, on
centred activations as Morcos et al. 2018 write it), MUSE at 3159355 (retrieval after mapping, CSLS), netrep at 0186b8a (angular distance).
"""

import json
import sys
import time

import numpy as np
import scipy.linalg
import scipy.spatial
import scipy.stats
from rsatoolbox.rdm.compare import compare_correlation, compare_cosine, compare_kendall_tau
from rsatoolbox.rdm.compare import compare_kendall_tau_a, compare_rho_a, compare_spearman
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import rbf_kernel


def cosines(x):
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    unit = x / np.where(lengths == 0, 1, lengths)
    return unit @ unit.T


def nearest(similarity, k):
    """Ties, to ten digits, go to the lowest index; an item is never its own neighbour."""
    rounded = np.round(similarity, 10)
    np.fill_diagonal(rounded, -np.inf)
    return np.argsort(-rounded, axis=1, kind="stable")[:, :k]


def neighbourhoods(a, b, k):
    return [set(row) for row in nearest(cosines(a), k)], [set(row) for row in nearest(cosines(b), k)]


def precision(a, b, k, **_):
    return np.mean([len(x & y) / k for x, y in zip(*neighbourhoods(a, b, k))])


def precision_centred(a, b, k, **_):
    return precision(a - a.mean(axis=0), b - b.mean(axis=0), k)


def jaccard(a, b, k, **_):
    return np.mean([len(x & y) / len(x | y) for x, y in zip(*neighbourhoods(a, b, k))])


def rank_similarity(a, b, k, **_):
    scores = []
    for x, y in zip(nearest(cosines(a), k), nearest(cosines(b), k)):
        shared = set(x) & set(y)
        places = [(int(np.flatnonzero(x == j)[0]) + 1, int(np.flatnonzero(y == j)[0]) + 1) for j in shared]
        total = sum(2 / ((1 + abs(p - q)) * (p + q)) for p, q in places)
        scores.append(total / sum(1 / r for r in range(1, len(shared) + 1)) if shared else 0.0)
    return np.mean(scores)


def second_order_cosine(a, b, k, **_):
    s, t = cosines(a), cosines(b)
    scores = []
    for i, (x, y) in enumerate(zip(*neighbourhoods(a, b, k))):
        either = sorted(x | y)
        lengths = np.linalg.norm(s[i, either]) * np.linalg.norm(t[i, either])
        scores.append(s[i, either] @ t[i, either] / lengths if lengths else 0.0)
    return np.mean(scores)


def hsic_unbiased(k, l):
    """Song et al. (2012), equation 5."""
    k, l, m = k.copy(), l.copy(), len(k)
    np.fill_diagonal(k, 0)
    np.fill_diagonal(l, 0)
    total = np.sum(k * l.T) + k.sum() * l.sum() / ((m - 1) * (m - 2)) - 2 * np.sum(k @ l) / (m - 2)
    return total / (m * (m - 3))


def cknna(a, b, k, **_):
    s, t = cosines(a), cosines(b)
    masks = []
    for similarity in (s, t):
        mask = np.zeros_like(similarity)
        np.put_along_axis(mask, nearest(similarity, k), 1, axis=1)
        masks.append(mask)
    both = masks[0] * masks[1]
    ss, tt = (hsic_unbiased(mask * x, mask * x) for mask, x in zip(masks, (s, t)))
    return hsic_unbiased(both * s, both * t) / np.sqrt(ss * tt)


def hsic_biased(k, l):
    h = np.eye(len(k)) - 1 / len(k)
    return np.trace(k @ h @ l @ h)


def cka(kernel, hsic):
    def measure(a, b, **settings):
        k, l = kernel(a, **settings), kernel(b, **settings)
        return hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l))

    return measure


def linear(x, **_):
    centred = x - x.mean(axis=0)
    return centred @ centred.T


def gaussian(x, bandwidth, **_):
    sigma = bandwidth * np.median(scipy.spatial.distance.pdist(x))
    return rbf_kernel(x, gamma=1 / (2 * sigma**2))


def rsa(compare, similarity=cosines):
    def measure(a, b, **_):
        above = np.triu_indices(len(a), 1)
        # Rounded, so that similarities which are equal but for their rounding tie, as they do in exact arithmetic.
        return compare(*(np.round(similarity(x)[above], 12).reshape(1, -1) for x in (a, b)))[0][0]

    return measure


def correlations(x):
    return np.corrcoef(x)


def disparity(a, b, **_):
    columns = max(a.shape[1], b.shape[1])
    padded = [np.pad(x, ((0, 0), (0, columns - x.shape[1]))) for x in (a, b)]
    return scipy.spatial.procrustes(*padded)[2]


def normalised(x):
    centred = x - x.mean(axis=0)
    return centred / np.linalg.norm(centred)


def residual(a, b, **_):
    x, y = normalised(a), normalised(b)
    return 2 - 2 * np.linalg.svd(x.T @ y, compute_uv=False).sum()


def angle(a, b, **_):
    return np.arccos(min(1, np.linalg.svd(normalised(a).T @ normalised(b), compute_uv=False).sum()))


def mapping(a, b):
    """The orthogonal map of centred rows; directions that they do not span have no image."""
    u, values, vt = np.linalg.svd(a.T @ b, full_matrices=False)
    seen = values > 1e-10 * values[0]
    return u[:, seen] @ vt[seen], values[seen].sum() / np.sum(a * a)


def parts(a, b, labels):
    labels = np.asarray(labels)
    for label in np.unique(labels):
        fitted, held = np.flatnonzero(labels != label), np.flatnonzero(labels == label)
        fitted = held if len(fitted) == 0 else fitted
        yield fitted, held, a - a[fitted].mean(axis=0), b - b[fitted].mean(axis=0)


def disparity_held_out(a, b, labels, **_):
    missed = spread = 0
    for fitted, held, x, y in parts(a, b, labels):
        rotation, scale = mapping(x[fitted], y[fitted])
        missed += np.sum((y[held] - scale * x[held] @ rotation) ** 2)
        spread += np.sum(y[held] ** 2)
    return missed / spread


def unit(x):
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(lengths == 0, 1, lengths)


def retrieval(csls, in_sample):
    def measure(a, b, k, labels, cslsNeighbours, **_):
        hits = 0
        for fitted, held, x, y in parts(a, b, np.zeros(len(a)) if in_sample else labels):
            similarity = unit(x[held] @ mapping(x[fitted], y[fitted])[0]) @ unit(y).T
            if csls:
                of_rows = np.sort(similarity, axis=1)[:, -cslsNeighbours:].mean(axis=1, keepdims=True)
                of_columns = np.sort(similarity, axis=0)[-cslsNeighbours:].mean(axis=0, keepdims=True)
                similarity = 2 * similarity - of_rows - of_columns
            order = np.argsort(-np.round(similarity, 10), axis=1, kind="stable")[:, :k]
            hits += sum(item in row for item, row in zip(held, order))
        return hits / len(a)

    return measure


def canonical(a, b):
    spaces = []
    for x in (a, b):
        u, s, _ = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
        spaces.append(u[:, s > 1e-12 * s[0]])
    if spaces[0].shape[1] + spaces[1].shape[1] >= len(a):
        return None
    return np.cos(scipy.linalg.subspace_angles(*spaces))


def cca(power):
    def measure(a, b, **_):
        rho = canonical(a, b)
        return None if rho is None else np.mean(rho**power)

    return measure


def svcca(a, b, varianceKept, **_):
    kept = []
    for x in (a, b):
        pca = PCA(svd_solver="full").fit(x)
        count = int(np.searchsorted(np.cumsum(pca.explained_variance_ratio_), varianceKept)) + 1
        kept.append(pca.transform(x)[:, :count])
    rho = canonical(*kept)
    return None if rho is None else np.mean(rho)


def pwcca(a, b, **_):
    """Variates from the inverse roots of the covariances, as google/svcca has them."""
    if canonical(a, b) is None:
        return None
    x, y = a - a.mean(axis=0), b - b.mean(axis=0)
    roots = []
    for z in (x, y):
        values, vectors = np.linalg.eigh(z.T @ z)
        kept = values > 1e-12 * values[-1]
        roots.append((vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T)
    u, rho, _ = np.linalg.svd(roots[0] @ x.T @ y @ roots[1])
    count = min(np.linalg.matrix_rank(x), np.linalg.matrix_rank(y))
    variates = x @ roots[0] @ u[:, :count]
    weights = np.abs(variates.T @ x).sum(axis=1)
    return weights @ rho[:count] / weights.sum()


PENALTIES = [10 ** (4 - i / 2) for i in range(21)]


def predictivity(a, b, labels, **_):
    missed = spread = 0
    for fitted, held, x, y in parts(a, b, labels):
        s = np.linalg.svd(x[fitted], compute_uv=False)
        s = s[s > 1e-10 * s[0]]
        best = (np.inf, None)
        for factor in PENALTIES:
            penalty = factor * np.mean(s**2)
            model = Ridge(alpha=penalty, solver="svd").fit(x[fitted], y[fitted])
            n = len(fitted)
            freedom = n - 1 - np.sum(s**2 / (s**2 + penalty))
            criterion = np.sum((y[fitted] - model.predict(x[fitted])) ** 2) / freedom**2
            if criterion < best[0]:
                best = (criterion, model)
        missed += np.sum((y[held] - best[1].predict(x[held])) ** 2)
        spread += np.sum(y[held] ** 2)
    return 1 - missed / spread


def turned(measure):
    return lambda a, b, **settings: measure(b, a, **settings)


MEASURES = {
    "precision_at_k": precision,
    "precision_centred_at_k": precision_centred,
    "jaccard_at_k": jaccard,
    "rank_similarity_at_k": rank_similarity,
    "second_order_cosine_at_k": second_order_cosine,
    "cknna_at_k": cknna,
    "retrieval_at_k": retrieval(False, False),
    "retrieval_csls_at_k": retrieval(True, False),
    "retrieval_in_sample_at_k": retrieval(False, True),
    "retrieval_csls_in_sample_at_k": retrieval(True, True),
    "cka_linear": cka(linear, hsic_biased),
    "cka_linear_debiased": cka(linear, hsic_unbiased),
    "cka_rbf": cka(gaussian, hsic_biased),
    "cka_rbf_debiased": cka(gaussian, hsic_unbiased),
    "rsa_pearson": rsa(compare_correlation),
    "rsa_spearman": rsa(compare_spearman),
    "rsa_kendall_a": rsa(compare_kendall_tau_a),
    "rsa_kendall_b": rsa(compare_kendall_tau),
    "rsa_rho_a": rsa(compare_rho_a),
    "rsa_cosine": rsa(compare_cosine),
    "rsa_correlation_pearson": rsa(compare_correlation, correlations),
    "rsa_correlation_spearman": rsa(compare_spearman, correlations),
    "procrustes_disparity": disparity,
    "procrustes_residual": residual,
    "procrustes_angle": angle,
    "procrustes_disparity_held_out": disparity_held_out,
    "cca_mean_rho": cca(1),
    "cca_mean_rho_sq": cca(2),
    "svcca": svcca,
    "pwcca_of_a": pwcca,
    "pwcca_of_b": turned(pwcca),
    "predictivity_a_to_b": predictivity,
    "predictivity_b_to_a": turned(predictivity),
}


def value(name, a, b, settings):
    found = MEASURES[name](a, b, **settings)
    return None if found is None else float(found)


def main():
    a = b = settings = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["task"] == "load":
            a, b = (np.array(request[name], dtype=np.float64) for name in ("a", "b"))
            settings = request["settings"]
            answer = {name: value(name, a, b, settings) for name in MEASURES}
        else:
            before = time.process_time()
            for _ in range(request["repeats"]):
                value(request["name"], a, b, settings)
            answer = {"amount": request["repeats"], "seconds": time.process_time() - before}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
