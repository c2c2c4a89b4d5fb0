"""Golden values for reports/statistics, from NumPy, SciPy and brute force that shares no code with ours.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install -r requirements.txt
    /tmp/golden/bin/python make.py            # writes *.json beside this file

Infinities are written as the texts "Infinity" and "-Infinity", missing answers as null.
"""
import itertools
import json
import math
import pathlib
from fractions import Fraction

import numpy as np
import pandas
import statsmodels.formula.api as smf
from scipy import integrate, stats

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20261124)


def plain(value):
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(each) for each in value]
    if isinstance(value, (int, np.integer)):
        return int(value)
    value = float(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def write(name, cases):
    (here / f"{name}.json").write_text(json.dumps(plain(cases), indent=1) + "\n")
    print(name, len(cases))


def samples():
    """Lists of differences: small, tied, with zeros, with outliers."""
    yield [0.25]
    yield [0.0]
    yield [-0.5, 0.125]
    yield [0.5, 0.5]
    yield [1.0, 2.0, 3.0]
    yield [0.0, 0.0, 0.0, 0.0]
    yield [1.0] * 6
    yield [1.0, -1.0, 2.0, -2.0, 3.0, -3.0]
    yield [0.0, 0.0, 0.25, 0.5, 0.5, 0.75, -0.25, 1.0]
    yield [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0]
    yield [1e-9, 2e-9, 3e-9, -1e-9, 5e-9, 4e-9, 7e-9]
    yield [0.01, 0.02, -0.01, 0.03, 0.02, 0.04, 0.01, 0.02, 0.03, 50.0]
    for n in (5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 20):
        yield rng.normal(0.03, 0.05, n).tolist()
    for n in (6, 9, 12, 14):
        yield (np.round(rng.normal(0.5, 1, n) * 4) / 4).tolist()
    for n in (8, 12, 16):
        yield rng.standard_t(2, n).tolist()


def sign_flip(values):
    """All sign patterns, in exact arithmetic."""
    exact = [Fraction(value) for value in values]
    total = abs(sum(exact))
    if len(values) <= 15:
        hits = sum(
            abs(sum(s * v for s, v in zip(signs, exact))) >= total
            for signs in itertools.product((1, -1), repeat=len(exact))
        )
        return hits / 2 ** len(exact)
    result = stats.permutation_test(
        (np.array(values),), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    return result.pvalue


def signed_rank_counts(n):
    counts = [0] * (n * (n + 1) // 2 + 1)
    for signs in itertools.product((0, 1), repeat=n):
        counts[sum(rank for rank, on in zip(range(1, n + 1), signs) if on)] += 1
    return counts


def hodges_lehmann(values, level):
    """By enumeration of the signed-rank distribution; compare R: wilcox.test(x, conf.int = TRUE, exact = TRUE)."""
    n = len(values)
    walsh = sorted((values[i] + values[j]) / 2 for i in range(n) for j in range(i, n))
    counts = signed_rank_counts(n)
    tail = Fraction(1) - Fraction(str(level))
    cumulated, k = 0, -1
    for index, count in enumerate(counts):
        cumulated += count
        if Fraction(2 * cumulated, 2**n) > tail:
            break
        k = index
    answer = {"values": values, "level": level, "estimate": float(np.median(walsh))}
    if k < 0:
        widest = [walsh[0], walsh[-1], 1 - 2.0 ** (1 - n)]
        return {**answer, "kind": "unbounded", "widest": widest}
    coverage = 1 - 2 * sum(counts[: k + 1]) / 2**n
    return {**answer, "kind": "bounded", "low": walsh[k], "high": walsh[len(walsh) - 1 - k], "coverage": coverage}


write("sign-flip", [{"values": v, "p": sign_flip(v)} for v in samples() if len(v) <= 17])
write(
    "hodges-lehmann",
    [hodges_lehmann(v, level) for v in samples() if len(v) <= 15 for level in (0.75, 0.9, 0.95, 0.99)],
)
# P(T+ <= k) by SciPy's own exact signed-rank p value: a sample of ranks whose negative ones add up to k.
signed_rank = []
for n in (1, 2, 3, 5, 8, 12, 20, 30, 45):
    for k in sorted({0, 1, 2, n, n * (n + 1) // 8, n * (n + 1) // 4}):
        left, ranks = k, list(range(1, n + 1))
        data = []
        for rank in reversed(ranks):
            if rank <= left:
                data.append(float(rank))
                left -= rank
            else:
                data.append(-float(rank))
        if left == 0:
            signed_rank.append(
                {"n": n, "k": k, "p": stats.wilcoxon(data, alternative="less", method="exact").pvalue}
            )
write("signed-rank", signed_rank)


def holm(p):
    # statsmodels' definition, by hand: R's p.adjust(p, "holm").
    order = np.argsort(p, kind="stable")
    steps = np.array(p)[order] * (len(p) - np.arange(len(p)))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps))
    return adjusted


write(
    "holm",
    [
        {"p": p, "adjusted": holm(p)}
        for p in [[0.5], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.2], [0, 0, 1, 1], [0.9, 0.8], rng.uniform(size=12).tolist(), (rng.uniform(size=20) ** 4).tolist()]
    ],
)
zs = [-38, -20, -8, -5, -3.6, -3.5, -2.5, -1, -0.1, 0, 1e-8, 0.5, 1.96, 3, 3.54, 6, 9, math.inf, -math.inf]
write("normal-cdf", [{"z": z, "p": stats.norm.cdf(z)} for z in zs])
ps = [0, 1e-300, 1e-30, 1e-10, 0.00048828125, 0.005, 0.025, 0.2, 0.4999, 0.5, 0.51, 0.975, 0.999999, 1]
write("normal-quantile", [{"p": p, "z": stats.norm.ppf(p)} for p in ps])
freedoms = [1, 2, 3, 5, 11, 19, 100, 1000]
write(
    "student",
    [
        {"freedom": f, "t": t, "cdf": stats.t.cdf(t, f)}
        for f in freedoms
        for t in (-40, -4.4, -1, -0.01, 0, 0.3, 2, 12)
    ],
)
write(
    "student-quantile",
    [
        {"freedom": f, "p": p, "t": stats.t.ppf(p, f)}
        for f in freedoms
        for p in (0, 1e-8, 0.0004, 0.005, 0.025, 0.1, 0.3, 0.5, 0.6, 0.95, 0.995, 1)
    ],
)


def noncentral(t, f, shift):
    """P(T > t) by adaptive quadrature over the chi density, and SciPy's nct where the two agree."""
    value, _ = integrate.quad(
        lambda u: stats.chi.pdf(u * math.sqrt(f), f) * math.sqrt(f) * stats.norm.cdf(shift - t * u), 0, 30 if f < 3 else 8,
        epsabs=1e-13, epsrel=1e-12, limit=500, points=[1.0],
    )
    library = stats.nct.sf(t, f, shift)
    assert abs(value - library) < 1e-8, (t, f, shift, value, library)
    return value


write(
    "noncentral-t",
    [
        {"freedom": f, "t": t, "shift": s, "p": noncentral(t, f, s)}
        for f in (2, 5, 7, 11, 19, 60)
        for t in (0.5, 2.2, 3.1, 4.4)
        for s in (0, 1, 3, 4.06, 8)
    ],
)
write(
    "beta",
    [
        {"a": a, "b": b, "x": x, "cdf": stats.beta.cdf(x, a, b), "quantile": stats.beta.ppf(x, a, b)}
        for a, b in ((0.5, 0.5), (1, 1), (2, 3), (10, 1490), (300, 4), (0.5, 6))
        for x in (0, 0.001, 0.3, 0.5, 0.9, 0.999, 1)
    ],
)
intervals = []
for hits, trials in ((0, 1), (1, 1), (0, 299), (0, 1500), (2, 1500), (7, 10), (1500, 1500), (950, 1000)):
    found = stats.binomtest(hits, trials).proportion_ci(0.95, method="exact")
    intervals.append({"hits": hits, "trials": trials, "low": found.low, "high": found.high})
write("clopper-pearson", intervals)

series = [
    [1, 2],
    [2, 1],
    [1, 2, 3],
    [1, 1, 1],
    [1, 2, 3, 4, 5, 6],
    [6, 5, 4, 3, 2, 1],
    [1, 1, 2, 2, 3, 3, 4],
    [0, 0, 0, 1],
    *[rng.normal(size=n).tolist() for n in (5, 9, 12, 24, 40)],
    *[np.round(rng.normal(size=n) * 2).tolist() for n in (7, 12, 30)],
]


def kendall(values):
    x = np.arange(len(values))
    tied = len(set(values)) < len(values)
    p = stats.kendalltau(x, values, method="asymptotic" if tied else "exact").pvalue
    s = sum(int(np.sign(b - a)) for a, b in itertools.combinations(values, 2))
    slope = stats.theilslopes(values, x).slope
    return {"values": values, "s": s, "p": 1.0 if math.isnan(p) else p, "slope": slope}


write("kendall", [kendall(v) for v in series])
write(
    "quantile",
    [
        {"values": v, "share": q, "quantile": np.quantile(v, q), "ranks": stats.rankdata(v)}
        for v in [[5.0], [2.0, 1.0], [1.0, 1.0, 2.0], [0.0, 0.0, 0.0], [1.0, math.inf], rng.normal(size=11).tolist()]
        for q in (0, 0.1, 0.5, 0.75, 0.99, 1)
        if not (math.inf in v and 0 < q < 1)
    ],
)


def rank_sum(first, rest):
    """One stratum: Mann-Whitney in the normal limit with the tie correction, no continuity correction."""
    return stats.mannwhitneyu(first, rest, method="asymptotic", use_continuity=False).pvalue


pairs = [
    ([5.0, 6.0], [1.0, 2.0, 3.0, 4.0]),
    ([1.0, 1.0, 2.0], [1.0, 2.0, 2.0, 3.0]),
    (rng.normal(1, 1, 4).tolist(), rng.normal(0, 1, 16).tolist()),
]
write("rank-sum", [{"first": a, "rest": b, "p": rank_sum(a, b)} for a, b in pairs])


def autocorrelation(values):
    x = np.array(values, float) - np.mean(values)
    return None if not x.any() else float(np.correlate(x[1:], x[:-1])[0] / np.dot(x, x))


write(
    "autocorrelation",
    [{"values": v, "lag1": autocorrelation(v)} for v in [[1, 2], [3, 3, 3], list(range(10)), [1, -1] * 6, rng.normal(size=30).tolist()]],
)


def modified_z(values):
    centre = np.median(values)
    mad = stats.median_abs_deviation(values)
    mean_deviation = np.mean(np.abs(np.array(values) - centre))
    if mad > 0:
        return 0.6745 * (np.array(values) - centre) / mad
    if mean_deviation > 0:
        return 0.797885 * (np.array(values) - centre) / mean_deviation
    return None


write(
    "modified-z",
    [{"values": v, "scores": modified_z(v)} for v in [[1.0, 2.0, 3.0], [1.0, 1.0, 1.0, 1.0, 9.0], [2.0, 2.0, 2.0], rng.normal(size=12).tolist() + [30.0]]],
)


def more_often(before, exposed_before, after, exposed_after):
    """Exact, given the sum: SciPy's binomial test, and the sum of the tail in fractions."""
    n, share = before + after, Fraction(exposed_after, exposed_before + exposed_after)
    tail = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(after, n + 1))
    p = stats.binomtest(after, n, float(share), alternative="greater").pvalue if n > 0 else 1.0
    assert math.isclose(p, float(tail), rel_tol=1e-9), (before, after, p, float(tail))
    return {"baseline": [before, exposed_before], "candidate": [after, exposed_after], "p": float(tail)}


write(
    "more-often",
    [
        more_often(before, exposed_before, after, exposed_after)
        for exposed_before, exposed_after in [(5000, 5000), (150, 150), (200, 5000), (96000, 4000), (1, 3)]
        for before in (0, 1, 2, 7, 150)
        for after in (0, 1, 3, 10, 60, 400)
    ],
)
# SciPy's own search for the quantile gives up beyond about 8,000, so that (1, 0.9999) is not asked of it.
write(
    "studentized-range",
    [
        {
            "groups": k,
            "freedom": f,
            "p": p,
            "q": stats.studentized_range.ppf(p, k, f),
            "at": at,
            "cdf": stats.studentized_range.cdf(at, k, f),
        }
        for k, f in ((2, 1), (2, 12), (3, 2), (3, 500), (7, 1), (7, 12), (12, 22), (12, 121), (30, 4), (30, 58))
        for p, at in ((0.5, 0.4), (0.9875, 3.5), (0.9999, 6.0))
        if (f, p) != (1, 0.9999)
    ],
)


def block_design(values, level):
    """Ordinary least squares on dummies of block and strategy by statsmodels; all pairs by Tukey and Kramer."""
    count = len(values[0])
    cells = [(b, s, math.log(v)) for b, row in enumerate(values) for s, v in enumerate(row) if v is not None]
    # A value that is alone in its block says nothing, but would count as one without noise.
    cells = [cell for cell in cells if sum(other[0] == cell[0] for other in cells) > 1]
    frame = pandas.DataFrame(cells, columns=["block", "strategy", "log"])
    fit = smf.ols("log ~ C(block) + C(strategy)", frame).fit()
    names = list(fit.params.index)
    # Grubbs' variance of each strategy from what the model leaves; of a pair 0.3 of what its own is above the common one.
    rests = (fit.resid**2).groupby(frame["strategy"]).agg(["sum", "count"])
    own = (rests["sum"] / (rests["count"] - 1) - fit.mse_resid / count) / (1 - 2 / count) if count > 2 else rests["sum"] * 0
    own = own.clip(lower=0)
    pairs = []
    for i, j in itertools.combinations(range(count), 2):
        contrast = np.zeros(len(names))
        for strategy, sign in ((i, -1), (j, 1)):
            name = f"C(strategy)[T.{strategy}]"
            if name in names:
                contrast[names.index(name)] = sign
        test = fit.t_test(contrast)
        error = float(np.squeeze(test.sd)) * math.sqrt(1 + 0.3 * max(0, (own[i] + own[j]) / 2 / fit.mse_resid - 1))
        estimate = float(np.squeeze(test.effect))
        q = stats.studentized_range.ppf(1 - level, count, fit.df_resid)
        pairs.append(
            {
                "baseline": i,
                "candidate": j,
                "estimate": estimate,
                "half": q * error / math.sqrt(2),
                "p": stats.studentized_range.sf(abs(estimate) / error * math.sqrt(2), count, fit.df_resid),
            }
        )
    return {"values": values, "level": level, "freedom": fit.df_resid, "variance": fit.mse_resid, "pairs": pairs}


def blocks(count, strategies, missing=()):
    table = np.exp(rng.normal(0, 0.3, (count, 1)) + rng.normal(0, 0.1, (count, strategies)) + np.linspace(0, 0.5, strategies))
    return [[None if (b, s) in missing else float(table[b, s]) for s in range(strategies)] for b in range(count)]


write(
    "block-design",
    [
        block_design(values, level)
        for values, level in (
            (blocks(3, 2), 0.05),
            (blocks(3, 7), 0.0125),
            (blocks(12, 3), 0.05),
            (blocks(3, 4, {(0, 1)}), 0.0125),
            (blocks(5, 7, {(0, 0), (1, 0), (2, 3), (4, 6), (4, 5)}), 0.0125),
            # No block has both 0 and 3; others link them.
            (blocks(4, 4, {(0, 3), (1, 3), (2, 0), (3, 0)}), 0.05),
            (blocks(2, 12), 0.05),
        )
    ],
)


def verdict_of(pair, floor):
    """The whole interval beyond the floor, within it, or neither."""
    border = math.log1p(floor)
    low, high = pair["estimate"] - pair["half"], pair["estimate"] + pair["half"]
    if low > border or high < -border:
        return "DIFFERENT"
    return "SAME" if low >= -border and high <= border else "INCONCLUSIVE"


def judged(values, level, floor):
    found = block_design(values, level)
    return {**found, "floor": floor, "pairs": [{**pair, "verdict": verdict_of(pair, floor)} for pair in found["pairs"]]}


def quiet(count, effects, noise, missing=()):
    table = np.exp(rng.normal(0, 0.3, (count, 1)) + rng.normal(0, noise, (count, len(effects))) + np.array(effects))
    return [[None if (b, s) in missing else float(table[b, s]) for s in range(len(effects))] for b in range(count)]


write(
    "judged-pairs",
    [
        judged(values, level, 0.05)
        for values, level in (
            (quiet(3, (0, 0, 0.1, 0.3, 0.31, 0.5, 0.9), 0.03), 0.0075),
            (quiet(3, (0, 0, 0.1, 0.3, 0.31, 0.5, 0.9), 0.03, {(1, 3), (2, 6)}), 0.0075),
            (quiet(12, (0, 0.01, 0.2), 0.015, {(0, 0), (5, 0), (5, 1), (7, 2)}), 0.0125),
            (quiet(5, (0, 0.4), 0.02, {(2, 1)}), 0.025),
            (quiet(20, (0, 0.005), 0.02), 0.05),
        )
    ],
)
