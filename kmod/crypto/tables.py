#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write tables.c: the S-boxes of the 3GPP algorithms in the form the code uses.

    kmod/crypto/tables.py > kmod/crypto/tables.c

What a specification defines by algebra is computed here; what it gives as a
list (KASUMI's S7 and S9, ZUC's S0 and S1) is that list.
"""

#: TS 35.202, 4.5
S7 = """
54 50 62 56 22 34 94 96 38 6 63 93 2 18 123 33 55 113 39 114 21 67 65 12 47 73 46 27
25 111 124 81 53 9 121 79 52 60 58 48 101 127 40 120 104 70 71 43 20 122 72 61 23 109
13 100 77 1 16 7 82 10 105 98 117 116 76 11 89 106 0 125 118 99 86 69 30 57 126 87 112
51 17 5 95 14 90 84 91 8 35 103 32 97 28 66 102 31 26 45 75 4 85 92 37 74 80 49 68 29
115 44 64 107 108 24 110 83 36 78 42 19 15 41 88 119 59 3
"""
S9 = """
167 239 161 379 391 334 9 338 38 226 48 358 452 385 90 397 183 253 147 331 415 340 51
362 306 500 262 82 216 159 356 177 175 241 489 37 206 17 0 333 44 254 378 58 143 220 81
400 95 3 315 245 54 235 218 405 472 264 172 494 371 290 399 76 165 197 395 121 257 480
423 212 240 28 462 176 406 507 288 223 501 407 249 265 89 186 221 428 164 74 440 196 458
421 350 163 232 158 134 354 13 250 491 142 191 69 193 425 152 227 366 135 344 300 276 242
437 320 113 278 11 243 87 317 36 93 496 27 487 446 482 41 68 156 457 131 326 403 339 20
39 115 442 124 475 384 508 53 112 170 479 151 126 169 73 268 279 321 168 364 363 292 46
499 393 327 324 24 456 267 157 460 488 426 309 229 439 506 208 271 349 401 434 236 16 209
359 52 56 120 199 277 465 416 252 287 246 6 83 305 420 345 153 502 65 61 244 282 173 222
418 67 386 368 261 101 476 291 195 430 49 79 166 330 280 383 373 128 382 408 155 495 367
388 274 107 459 417 62 454 132 225 203 316 234 14 301 91 503 286 424 211 347 307 140 374
35 103 125 427 19 214 453 146 498 314 444 230 256 329 198 285 50 116 78 410 10 205 510
171 231 45 139 467 29 86 505 32 72 26 342 150 313 490 431 238 411 325 149 473 40 119 174
355 185 233 389 71 448 273 372 55 110 178 322 12 469 392 369 190 1 109 375 137 181 88 75
308 260 484 98 272 370 275 412 111 336 318 4 504 492 259 304 77 337 435 21 357 303 332
483 18 47 85 25 497 474 289 100 269 296 478 270 106 31 104 433 84 414 486 394 96 99 154
511 148 413 361 409 255 162 215 302 201 266 351 343 144 441 365 108 298 251 34 182 509
138 210 335 133 311 352 328 141 396 346 123 319 450 281 429 228 443 481 92 404 485 422
248 297 23 213 130 466 22 217 283 70 294 360 419 127 312 377 7 468 194 2 117 295 463 258
224 447 247 187 80 398 284 353 105 390 299 471 470 184 57 200 348 63 204 188 33 451 97 30
310 219 94 160 129 493 64 179 263 102 189 207 114 402 438 477 387 122 192 42 381 5 145
118 180 449 293 323 136 380 43 66 60 455 341 445 202 432 8 237 15 376 436 464 59 461
"""
#: TS 35.222, 3.4.2
ZUC_S0 = """
3e725b47cae0003304d1549809b96dcb7b1bf932af9d6aa5b82dfc1d085303904d4e8499e4ced991ddb68548
8b296eaccdc1f81e734369c6b5bdfd396320d438767db2a7cfed57c5f32cbb142106559be3ef5e314f7f5aa4
0d8251495fba581c4a16d517a892241f8cffd8ae2e01d3ad3b4bda46ebc9de9a8f87d73a806f2fc8b1b437f7
0a2213287ccc3c89c7c3965607bf7ef00b2b975235417961a64c10febc2695888ab0a3fbc01894f2e1e5e95d
d0dc1166645cec59427512f5749caa230e86abbe2a02e767e644a26cc2939ff1f6fa36d250689e6271153dd6
40c4e20f8e83776b25053f0c30ea70b7a1e8a9658d271adb81b3a0f4457a19dfee783460
"""
ZUC_S1 = """
55c263713bc847869f3cda5b29aafd778cc5940ca61a1300e3a8167240f9f84244266896 81d9453e1076c6a7
8b3943e13ab5562ac06db3052266bfdc0bfa6248dd20110636c9c1cff62752bb69f5d4877f844cd29c57a4bc
4f9adffed68d7aeb2b53d85ca11417fb23d57d3067730809eeb7703f61b2198e4ee54b938f5ddba9adf1ae2e
cb0dfcf42d466e1d97e8d1e94d37a5755e839eab829db91ce0cd498901b6bd5824a25f387899159050b895e4
d091c7ceed0fb46fa0ccf0024a79c3dea3efea51e66b18ec1b2c80f774e7ff215a6a541e41319235c43307
0aba7e0e3488b1987cf33d606c7bcad31f32650428 64be859b2f598ad7b025acaf1203e2f2
"""


def numbers(text):
    """A list in decimal."""
    return [int(one) for one in text.split()]


def octets(text):
    """A list in hexadecimal."""
    return list(bytes.fromhex("".join(text.split())))


def mul(a, b, poly):
    """Product in GF(2^8)."""
    result = 0
    for bit in range(8):
        if b >> bit & 1:
            result ^= a << bit
    for bit in range(14, 7, -1):
        if result >> bit & 1:
            result ^= poly << (bit - 8)
    return result


def power(a, n, poly):
    """a^n in GF(2^8)."""
    result = 1
    for _ in range(n):
        result = mul(result, a, poly)
    return result


def rijndael():
    """SNOW 3G's S_R, which is that of AES."""
    def affine(x):
        y = x
        for shift in range(1, 5):
            y ^= x << shift | x >> (8 - shift)
        return y & 0xff ^ 0x63
    return [affine(power(x, 254, 0x11b)) for x in range(256)]


def dickson():
    """SNOW 3G's S_Q (TS 35.216, 3.3.2)."""
    box = []
    for x in range(256):
        y = 0x25
        for n in (1, 9, 13, 15, 33, 41, 45, 47, 49):
            y ^= power(x, n, 0x169)
        box.append(y)
    return box


def word(*parts):
    """Four octets, most significant first."""
    return int.from_bytes(bytes(parts), "big")


def mixed(box, poly):
    """A column of S1 or S2: what the most significant octet gives."""
    double = [mul(x, 2, poly) for x in range(256)]
    return [word(double[x], double[x] ^ x, x, x) for x in box]


def alpha(*powers):
    """MULalpha or DIValpha (TS 35.216, 3.4.2 and 3.4.3)."""
    roots = [power(2, n, 0x1a9) for n in powers]
    return [word(*(mul(c, root, 0x1a9) for root in roots)) for c in range(256)]


def table(name, values, digits):
    """A table of C."""
    ctype = {2: "u8", 4: "u16", 8: "u32"}[digits]
    print(f"\nconst {ctype} {name}[{len(values)}] = {{")
    row = {2: 12, 4: 8, 8: 6}[digits]
    for start in range(0, len(values), row):
        print("\t" + ", ".join(f"0x{one:0{digits}x}"
                               for one in values[start:start + row]) + ",")
    print("};")


def main():
    """All tables."""
    print("// SPDX-License-Identifier: GPL-2.0")
    print("/* Do not edit directly: written by tables.py, which says what they are. */")
    print('#include "tables.h"')
    s7, s9 = numbers(S7), numbers(S9)
    assert sorted(s7) == list(range(128)) and sorted(s9) == list(range(512))
    table("kasumi_first9", [x << 7 | x & 0x7f for x in s9], 4)
    table("kasumi_first7", [i << 7 | x ^ i for i, x in enumerate(s7)], 4)
    table("kasumi_second9", [(x & 0x7f) << 9 | x for x in s9], 4)
    table("kasumi_second7", [(x ^ i) << 9 | i for i, x in enumerate(s7)], 4)
    for name, box in (("snow3g_s1", mixed(rijndael(), 0x11b)),
                      ("snow3g_s2", mixed(dickson(), 0x169)),
                      ("snow3g_mul_alpha", alpha(23, 245, 48, 239)),
                      ("snow3g_div_alpha", alpha(16, 39, 6, 64))):
        table(name, box, 8)
    for name, text in (("zuc_s0", ZUC_S0), ("zuc_s1", ZUC_S1)):
        box = octets(text)
        assert sorted(box) == list(range(256))
        table(name, box, 2)


if __name__ == "__main__":
    main()
