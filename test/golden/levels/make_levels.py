"""Writes levels.json beside this script: levels and bot episodes of MiniGrid itself, those of a hundred seeds as one hash.

python3 -m pip install minigrid==3.1.0 gymnasium==1.4.0 && python3 make_levels.py   (half a minute)

A level is the line `seed|agent x,y,heading|mission|max_steps|room`, the room as hex of Grid.encode(), [x][y][3 codes]; an
episode is the line `seed|actions of BabyAIBot|reward`, the reward with nine decimals. A hash is the SHA-256 of the lines joined
by newlines.
"""

import contextlib
import hashlib
import io
import json
from pathlib import Path

import gymnasium
import minigrid  # noqa: F401 (registers the environments)
from minigrid.utils.baby_ai_bot import BabyAIBot

ENVIRONMENTS = [
    "BabyAI-GoToLocal-v0", "BabyAI-GoToLocalS5N2-v0", "BabyAI-GoToLocalS6N2-v0", "BabyAI-GoToLocalS6N3-v0", "BabyAI-GoToLocalS6N4-v0",
    "BabyAI-GoToLocalS7N4-v0", "BabyAI-GoToLocalS7N5-v0", "BabyAI-GoToLocalS8N2-v0", "BabyAI-GoToLocalS8N3-v0",
    "BabyAI-GoToLocalS8N4-v0", "BabyAI-GoToLocalS8N5-v0", "BabyAI-GoToLocalS8N6-v0", "BabyAI-GoToLocalS8N7-v0",
    "BabyAI-PickupLoc-v0", "BabyAI-PickupDist-v0",
]  # fmt: skip
LARGE = [2**31 - 1, 2**31, 2**32 - 1, 2**32, 123456789012345, 2**53 - 1]
BLOCK = 100
LEVELS = 10  # blocks
EPISODES = 3


def level(env, seed):
    with contextlib.redirect_stdout(io.StringIO()):  # MiniGrid prints every level that it draws again
        env.reset(seed=seed)
    u = env.unwrapped
    agent = ",".join(str(int(part)) for part in (*u.agent_pos, u.agent_dir))
    return f"{seed}|{agent}|{u.mission}|{u.max_steps}|{u.grid.encode().tobytes().hex()}"


def episode(env, seed):
    level(env, seed)
    bot, actions, done = BabyAIBot(env), "", False
    while not done:
        actions += str(int(bot.replan()))
        _, reward, terminated, truncated, _ = env.step(int(actions[-1]))
        done = terminated or truncated
    return f"{seed}|{actions}|{reward:.9f}"


def hashes(line, env, blocks):
    """By block of seeds."""
    def lines(block):
        return "\n".join(line(env, seed) for seed in range(BLOCK * block, BLOCK * (block + 1)))
    return [hashlib.sha256(lines(block).encode()).hexdigest() for block in range(blocks)]


golden = []
for environment in ENVIRONMENTS:
    env = gymnasium.make(environment)
    golden.append({
        "environment": environment,
        "large": [level(env, seed) for seed in LARGE],
        "levels": hashes(level, env, LEVELS),
        "episodes": hashes(episode, env, EPISODES),
    })
    print(environment, golden[-1]["large"][-1].split("|")[2])
(Path(__file__).parent / "levels.json").write_text(json.dumps(golden, indent=1) + "\n")
