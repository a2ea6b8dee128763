"""The action-language model in PyTorch, batched, in the forms among which its fastest is looked for.

`p` is a dictionary of parameters under alva's names; the shapes are in comments. B: frames, n: sentences, L: words.
"""

import math

import torch
import torch.nn.functional as F

WIDTH, HEADS, HEAD = 128, 4, 32
FINE, MIDDLE, COARSE = 64, 16, 4
FINE_HEADS = 3
UNSEEN = torch.ones(HEADS, FINE + MIDDLE + COARSE, dtype=torch.bool)  # heads are split by scale
UNSEEN[:FINE_HEADS, :FINE] = False
UNSEEN[FINE_HEADS:, FINE:] = False
OWN = torch.eye(HEADS).repeat_interleave(HEAD, dim=1)  # the columns of each head, [4, 128]


def z_order(side):
    """The cells of a square, row by row, in Z-order."""
    if side == 1:
        return torch.zeros(1, 1, dtype=torch.long)
    half = z_order(side // 2).flatten()
    rows, columns = half // (side // 2), half % (side // 2)
    quarters = [((rows + y) * side + columns + x) for y in (0, side // 2) for x in (0, side // 2)]
    return torch.cat(quarters)


Z_ORDER = z_order(8)


def dense(p, name, x):
    weight, bias = p[f"{name}.weight"], p.get(f"{name}.bias")
    return F.linear(x, weight.T, bias)


def normed(p, name, x):
    return F.layer_norm(x, (WIDTH,), p[f"{name}.gain"], p[f"{name}.bias"], 1e-5)


def language(p, words, mask):
    """E_L of every sentence: words and mask [n, L] -> [n, 128]."""
    n, length = words.shape
    x = dense(p, "language.in", p["words"][words]) + p["language.positions"]
    h = normed(p, "language.attention.norm", x)
    q, k, v = (dense(p, f"language.attention.{part}", h).view(n, length, HEADS, HEAD).transpose(1, 2)
               for part in ("query", "key", "value"))
    mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.bool()[:, None, None, :])
    x = x + dense(p, "language.attention.out", mixed.transpose(1, 2).reshape(n, length, WIDTH))
    h = normed(p, "language.feedforward.norm", x)
    x = (x + dense(p, "language.feedforward.out", F.gelu(dense(p, "language.feedforward.in", h)))) * mask[:, :, None]
    h = F.relu(dense(p, "language.sentence.in", x.reshape(n, length * WIDTH)))
    return normed(p, "language.sentence.norm", dense(p, "language.sentence.out", h))


def pixels(codes):
    return codes.float() * (5 / 255) - 1.5


def scales(p, fine, middle):
    """All tokens [B, 84, 128] from the normed fine ones and the middle ones, both in Z-order."""
    coarse = F.relu(dense(p, "vision.coarse", middle.reshape(-1, COARSE, 4 * WIDTH)))
    return torch.cat([fine, normed(p, "vision.norm", torch.cat([middle, coarse], 1))], 1) + p["vision.positions"]


def patch_features(p, codes):
    return F.relu(dense(p, "vision.patch.out", F.relu(dense(p, "vision.patch.in", pixels(codes)))))


def vision_of_images(p, images):
    """Every patch of uint8 images [B, 64, 64, 3] for itself."""
    patches = images.view(-1, 2, 2, 2, 8, 2, 2, 2, 24).permute(0, 1, 5, 2, 6, 3, 7, 4, 8).reshape(-1, FINE, 192)
    fine = patch_features(p, patches)
    middle = F.relu(dense(p, "vision.middle", fine.reshape(-1, MIDDLE, 4 * WIDTH)))
    return scales(p, normed(p, "vision.norm", fine), middle)


def vision_of_convolutions(p, images):
    """The same as strided convolutions of images [B, 3, 64, 64] in channels_last."""

    def conv(name, x, side):
        # alva's rows are (y, x, channel); PyTorch's kernels are [out, channel, y, x].
        kernel = p[f"{name}.weight"].view(side, side, -1, WIDTH).permute(3, 2, 0, 1)
        return F.relu(F.conv2d(x, kernel.contiguous(memory_format=torch.channels_last), p[f"{name}.bias"], stride=side))

    fine = conv("vision.patch.out", conv("vision.patch.in", pixels(images), 8), 1)  # [B, 128, 8, 8]
    middle = conv("vision.middle", fine, 2)
    coarse = conv("vision.coarse", middle, 2)
    tokens = [x.permute(0, 2, 3, 1).flatten(1, 2) for x in (fine, middle, coarse)]
    normal = normed(p, "vision.norm", torch.cat([tokens[0][:, Z_ORDER], tokens[1][:, z_order(4)], tokens[2]], 1))
    return normal + p["vision.positions"]


def vision_of_distinct(p, patches, places):
    """What is equal is computed once: uint8 patches [P, 192], places [B, 64]."""
    places = places[:, Z_ORDER]
    features = patch_features(p, patches)
    corners = places.view(-1, MIDDLE, 4)
    weights = p["vision.middle.weight"].split(WIDTH)
    parts = [F.embedding(corners[:, :, i], features @ weights[i]) for i in range(4)]
    middle = F.relu(parts[0] + parts[1] + parts[2] + parts[3] + p["vision.middle.bias"])
    return scales(p, F.embedding(places, normed(p, "vision.norm", features)), middle)


def halved(p, name, x, layout):
    """A convolution of 3 x 3 with stride 2 of x [B, 128, side, side]; alva's rows are (y, x, channel)."""
    kernel = p[f"{name}.weight"].view(3, 3, WIDTH, WIDTH).permute(3, 2, 0, 1).contiguous(memory_format=layout)
    return F.relu(F.conv2d(x, kernel, p[f"{name}.bias"], 2, 1))


def vision_of_features(p, features, layout=torch.contiguous_format):
    """E_V of frozen features, float16 [B, 64, 128] row by row."""
    fine = features.float().view(-1, 8, 8, WIDTH).permute(0, 3, 1, 2).contiguous(memory_format=layout)
    middle = halved(p, "vision.middle", fine, layout)
    coarse = halved(p, "vision.coarse", middle, layout)
    tokens = [x.permute(0, 2, 3, 1).flatten(1, 2) for x in (fine, middle, coarse)]
    return normed(p, "vision.norm", torch.cat(tokens, 1)) + p["vision.positions"]


def vision_of_features_last(p, features):
    return vision_of_features(p, features, torch.channels_last)


def vision_of_windows(p, features):
    """The convolutions as products of windows that are gathered first."""

    def product(name, x):
        side = math.isqrt(x.shape[1])
        framed = F.pad(x.view(-1, side, side, WIDTH), (0, 0, 1, 0, 1, 0))  # stride 2: the far side is never reached
        windows = framed.unfold(1, 3, 2).unfold(2, 3, 2).permute(0, 1, 2, 4, 5, 3).reshape(len(x), -1, 9 * WIDTH)
        return F.relu(dense(p, name, windows))

    fine = features.float()
    middle = product("vision.middle", fine)
    tokens = torch.cat([fine, middle, product("vision.coarse", middle)], 1)
    return normed(p, "vision.norm", tokens) + p["vision.positions"]


def attention_plain(p, e, tokens):
    """Keys and values of all 84 tokens, then PyTorch's own attention."""
    n = len(e)
    heads = lambda x: x.view(n, -1, HEADS, HEAD).transpose(1, 2)
    q, v = heads(dense(p, "crossmodal.query", e)), heads(dense(p, "crossmodal.value", tokens))
    k = heads(dense(p, "crossmodal.key", tokens))
    seen = F.scaled_dot_product_attention(q, k, v, attn_mask=~UNSEEN[None, :, None, :])
    return e + dense(p, "crossmodal.out", seen.reshape(n, WIDTH))


def attention_folded(p, e, tokens):
    """With one query it is cheaper to bring W_k to the query and W_v to the weighted sum."""
    query = dense(p, "crossmodal.query", e)[:, None] * OWN  # [B, 4, 128]
    scores = (query @ p["crossmodal.key.weight"].T) @ tokens.transpose(1, 2) / math.sqrt(HEAD)
    seen = torch.softmax(scores.masked_fill(UNSEEN, -1e9), -1) @ tokens
    values = ((seen @ p["crossmodal.value.weight"]) * OWN).sum(1) + p["crossmodal.value.bias"]
    return e + dense(p, "crossmodal.out", values)


def attention_sliced(p, e, tokens):
    """Folded, and each head sees its own tokens only, so that nothing is masked."""
    query = (dense(p, "crossmodal.query", e)[:, None] * OWN) @ p["crossmodal.key.weight"].T / math.sqrt(HEAD)
    fine, coarse = tokens[:, :FINE], tokens[:, FINE:]
    heads = ((query[:, :FINE_HEADS], fine), (query[:, FINE_HEADS:], coarse))
    seen = torch.cat([torch.softmax(q @ x.transpose(1, 2), -1) @ x for q, x in heads], 1)
    values = ((seen @ p["crossmodal.value.weight"]) * OWN).sum(1) + p["crossmodal.value.bias"]
    return e + dense(p, "crossmodal.out", values)


def vision_of_kinds(p, patches, places):
    """As vision_of_distinct, but the fine tokens stay what they are: few kinds [P, 128], and which of them stands where [B, 64]."""
    places = places[:, Z_ORDER]
    features = patch_features(p, patches)
    corners = places.view(-1, MIDDLE, 4)
    weights = p["vision.middle.weight"].split(WIDTH)
    parts = [F.embedding(corners[:, :, i], features @ weights[i]) for i in range(4)]
    middle = F.relu(parts[0] + parts[1] + parts[2] + parts[3] + p["vision.middle.bias"])
    coarse = F.relu(dense(p, "vision.coarse", middle.reshape(-1, COARSE, 4 * WIDTH)))
    coarser = normed(p, "vision.norm", torch.cat([middle, coarse], 1)) + p["vision.positions"][FINE:]
    return normed(p, "vision.norm", features), places, p["vision.positions"][:FINE], coarser


def attention_kinds(p, e, tokens):
    """Products with the kinds of fine tokens and with their positions, instead of with every token."""
    kinds, places, positions, coarse = tokens
    query = (dense(p, "crossmodal.query", e)[:, None] * OWN) @ p["crossmodal.key.weight"].T / math.sqrt(HEAD)
    fine, last = query[:, :FINE_HEADS], query[:, FINE_HEADS:]
    places = places[:, None].expand(-1, FINE_HEADS, -1)
    weights = torch.softmax((fine @ kinds.T).gather(2, places) + fine @ positions.T, -1)
    of_kinds = weights.new_zeros(*weights.shape[:2], len(kinds)).scatter_add(2, places, weights)
    seen = [of_kinds @ kinds + weights @ positions, torch.softmax(last @ coarse.transpose(1, 2), -1) @ coarse]
    values = ((torch.cat(seen, 1) @ p["crossmodal.value.weight"]) * OWN).sum(1) + p["crossmodal.value.bias"]
    return e + dense(p, "crossmodal.out", values)


def logits(p, e, tokens, attention):
    z = attention(p, e, tokens)
    for i in range(2):
        z = z + dense(p, f"policy.{i}.out", F.relu(dense(p, f"policy.{i}.in", z)))
    return dense(p, "policy.actions", normed(p, "policy.norm", z))
