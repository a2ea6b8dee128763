"""MiniGrid itself, asked over standard input and output: one JSON object a line, one answer each.

Work is timed here, in CPU time of this process (time.process_time), because only here is it known what to leave out.
"""

import base64
import hashlib
import json
import os
import sys
import time

import gymnasium
import minigrid
import numpy
from minigrid.utils.baby_ai_bot import BabyAIBot
from minigrid.wrappers import RGBImgPartialObsWrapper

ENVIRONMENT = "BabyAI-GoToLocal-v0"
TILE = 8


def make(wrap=lambda env: env):
    """The environment without gymnasium's checkers, which a user who wants speed switches off."""
    return wrap(gymnasium.make(ENVIRONMENT, disable_env_checker=True).unwrapped)


def chosen_actions(n):
    """The same pseudo-random actions 0 to 5 as bench/trials/walks.ts."""
    state, actions = 1, []
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2**31
        actions.append((state >> 16) % 6)
    return actions


def walk(env, actions, seed, visit):
    """Takes the actions, beginning the next seed's level whenever one ends; visits every observation. Returns the number of levels."""
    visit(env.reset(seed=seed)[0]["image"])
    first = seed
    for action in actions:
        observation, _, terminated, truncated, _ = env.step(action)
        visit(observation["image"])
        if terminated or truncated:
            seed += 1
            visit(env.reset(seed=seed)[0]["image"])
    return seed - first


def ignore(_):
    pass


def versions(_):
    return {"python": sys.version.split()[0], "minigrid": minigrid.__version__, "gymnasium": gymnasium.__version__,
            "numpy": numpy.__version__}


def timed_walk(env, steps, seed, visit=ignore):
    actions = chosen_actions(steps)
    start = time.process_time()
    walk(env, actions, seed, visit)
    return {"amount": steps, "seconds": time.process_time() - start}


def walk_hash(request):
    digest = hashlib.sha256()
    levels = walk(make(), chosen_actions(request["steps"]), request["seed"], lambda view: digest.update(view.tobytes()))
    return {"hash": digest.hexdigest(), "levels": levels}


def steps(request):
    return timed_walk(make(), request["steps"], request["seed"])


def steps_with_images(request):
    return timed_walk(make(lambda env: RGBImgPartialObsWrapper(env, tile_size=TILE)), request["steps"], request["seed"])


def demonstrate(request, visit=ignore):
    """Lets BabyAI's bot play the levels of consecutive seeds. Returns its actions by episode."""
    env, episodes = make(), []
    for seed in range(request["seed"], request["seed"] + request["episodes"]):
        visit(env.reset(seed=seed)[0]["image"])
        bot, taken, ended = BabyAIBot(env), [], False
        while not ended:
            taken.append(int(bot.replan()))
            observation, _, terminated, truncated, _ = env.step(taken[-1])
            visit(observation["image"])
            ended = terminated or truncated
        episodes.append(taken)
    return episodes


def demonstrations(request):
    start = time.process_time()
    demonstrate(request)
    return {"amount": request["episodes"], "seconds": time.process_time() - start}


def demonstration_hash(request):
    digest = hashlib.sha256()
    episodes = demonstrate(request, lambda view: digest.update(view.tobytes()))
    digest.update(json.dumps(episodes, separators=(",", ":")).encode())
    return {"hash": digest.hexdigest()}


def images(request):
    """Views with MiniGrid's own images of them, and, alone, the time that drawing them took."""
    env, codes, pixels, spent = make(), bytearray(), bytearray(), 0.0

    def visit(view):
        nonlocal spent
        start = time.process_time()
        image = env.get_frame(tile_size=TILE, agent_pov=True)
        spent += time.process_time() - start
        if request["keep"]:
            codes.extend(view.tobytes())
            pixels.extend(image.astype(numpy.uint8).tobytes())

    levels = walk(env, chosen_actions(request["steps"]), request["seed"], visit)
    answer = {"amount": request["steps"] + levels + 1, "seconds": spent}
    if request["keep"]:
        answer |= {"codes": base64.b64encode(codes).decode(), "pixels": base64.b64encode(pixels).decode()}
    return answer


TASKS = {task.__name__: task for task in
         (versions, walk_hash, steps, steps_with_images, demonstrations, demonstration_hash, images)}

if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, open(os.devnull, "w")  # MiniGrid prints each level that it draws again
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TASKS[asked["task"]](asked)), file=answers, flush=True)
