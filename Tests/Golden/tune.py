"""Asynchronous successive halving of Li et al. (2020), one worker and several, on a made-up response; and draws.

    python tune.py > tune.json
"""
import json
import math
import philox

ETA, RUNGS, TRIALS = 3, [1, 3, 9], 27


def uniform(seed, trial, place):
    return float(philox.uniform(seed, 8, 0, trial, 1 + place)[place])


def digits(x, low, high):
    if x:
        places = 3 - math.floor(math.log10(abs(x)))
        x = math.copysign(float(f"{math.floor(abs(x) * 10.0**places + 0.5)}e{-places}"), x)
    return min(max(x, low), high)


def log(u, low, high):
    return digits(math.exp(math.log(low) + u * (math.log(high) - math.log(low))), low, high)


def log_int(u, low, high):
    a, b = math.log(low - 0.5), math.log(high + 0.5)
    return min(max(round(math.exp(a + u * (b - a))), low), high)


def draws(seed, trial):
    u = [uniform(seed, trial, place) for place in range(5)]
    return [
        log(u[0], 1e-4, 1e-2), digits(u[1] * 0.2, 0, 0.2), 16 + int(u[2] * 49), log_int(u[3], 16, 64),
        ["plain", "regularised"][int(u[4] * 2)],
    ]


def response(seed):
    """Best at a rate of 1e-3 and a smoothing of 0.1; a high rate looks good early, and isn't."""
    def score(trial, epochs):
        rate, smoothing = draws(seed, trial)[:2]
        peak = 1 - (math.log10(rate) + 3) ** 2 / 4 - 20 * (smoothing - 0.1) ** 2
        return peak * (1 - 0.6 ** epochs) + 0.3 * (math.log10(rate) + 3) / epochs
    return score


def paper(score):
    """Algorithm 2 with one worker: get_job, run, and again, until all trials are drawn and none can be promoted."""
    rungs, promoted, new, jobs = [{} for _ in RUNGS], set(), 0, []

    def get_job():
        nonlocal new
        for k in reversed(range(len(RUNGS) - 1)):
            candidates = sorted(rungs[k], key=lambda t: (-rungs[k][t], t))[: len(rungs[k]) // ETA]
            promotable = [t for t in candidates if (t, k) not in promoted]
            if promotable:
                promoted.add((promotable[0], k))
                return promotable[0], k + 1
        if new < TRIALS:
            new += 1
            return new - 1, 0

    while job := get_job():
        rungs[job[1]][job[0]] = score(job[0], RUNGS[job[1]])
        jobs.append(list(job))
    return jobs


def several(score, at_once, trials, baseline):
    """The same with several jobs under way, of which each is decided by results alone."""
    jobs = []

    def decide(known, is_all):
        results = {(t, k): score(t, RUNGS[k]) for t, k in known}
        def up(t, k):
            return k + 1 < len(RUNGS) and [t, k + 1] not in jobs
        def best(k, rows):
            return sorted((t for t, r in rows if r == k), key=lambda t: (-results[t, k], t))
        for t, k in reversed(known):
            if baseline and t == 0 and up(t, k):
                return [t, k + 1]
        for k in reversed(range(len(RUNGS) - 1)):
            rung = best(k, results)
            for t in rung[: len(rung) // ETA]:
                if up(t, k):
                    return [t, k + 1]
        begun = sum(k == 0 for _, k in jobs)
        if begun < trials:
            return [begun, 0]
        drawn = [(t, k) for t, k in results if t > 0 or not baseline]
        if is_all and not any(k == len(RUNGS) - 1 for _, k in drawn):
            for k in reversed(range(len(RUNGS) - 1)):
                for t in best(k, drawn):
                    if up(t, k):
                        return [t, k + 1]

    while True:
        known = max(len(jobs) - at_once + 1, 0)
        while not (job := decide(jobs[:known], known == len(jobs))) and known < len(jobs):
            known += 1
        if not job:
            return jobs
        jobs.append(job)


def winner(jobs, score):
    top = [t for t, k in jobs if k == len(RUNGS) - 1]
    return max(top, key=lambda t: (score(t, RUNGS[-1]), -t))


cases = []
for seed in range(4):
    score = response(seed)
    assert paper(score) == several(score, 1, TRIALS, False)
    cases += [
        {
            "seed": seed, "at_once": w, "trials": trials, "baseline": baseline,
            "jobs": (jobs := paper(score) if (w, baseline) == (1, False) else several(score, w, trials, baseline)),
            "winner": winner(jobs, score), "best": max(range(trials), key=lambda t: score(t, RUNGS[-1])),
        }
        for w, trials, baseline in [(1, TRIALS, False), (1, TRIALS, True), (3, TRIALS, True), (4, TRIALS, False), (4, 5, True)]
    ]
print(json.dumps({
    "draws": [[seed, t, draws(seed, t)] for seed in (0, 7) for t in range(6)],
    "scores": [[seed, t, e, response(seed)(t, e)] for seed in range(4) for t in range(TRIALS) for e in RUNGS],
    "cases": cases,
}))
