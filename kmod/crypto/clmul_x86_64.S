/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two universal hashes by carry-less multiplication: PCLMULQDQ, and PSHUFB.
 * In constant time.  No register that is left has anything secret in it.
 */
#include <linux/linkage.h>

.section .rodata.cst16, "aM", @progbits, 16
.align 16
.Lswap:		/* the octets of each half turned round */
	.octa 0x08090a0b0c0d0e0f0001020304050607
.Lfour:		/* the lower four bits of each octet */
	.octa 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
.Lturned:	/* four bits turned round, in the upper half of an octet */
	.octa 0xf070b030d0509010e060a020c0408000

.text

/* x^64 as a number of the field. */
#define X64	0x1b

#define ACC	%xmm0
#define P43	%xmm1		/* P^4 in the lower half, P^3 in the upper */
#define P21	%xmm2
#define X41	%xmm3		/* P^4 * x^64, and P * x^64 */
#define POLY	%xmm4
#define SWAP	%xmm5
#define A	%xmm6
#define B	%xmm7
#define C	%xmm8
#define D	%xmm9

/* The lower half of x becomes the remainder of x; its upper half anything. */
.macro	reduce	x, t
	movdqa		\x, \t
	pclmulqdq	$0x01, POLY, \t
	pxor		\t, \x
	pclmulqdq	$0x01, POLY, \t
	pxor		\t, \x
.endm

/*
 * u64 gf64_clmul_horner(u64 eval, u64 p, const u8 *data, unsigned int nr)
 *
 * For each of nr blocks of eight octets eval = (eval + block) * p.  Between steps
 * eval is a product of 128 bits that is not reduced: its upper half counts x^64
 * times, which is a factor like the others.
 */
SYM_FUNC_START(gf64_clmul_horner)
	movq		%rdi, ACC
	movq		%rsi, B
	movl		$X64, %eax
	movq		%rax, POLY
	movdqa		.Lswap(%rip), SWAP

	/* P * x^64, for the upper half. */
	movdqa		B, X41
	pclmulqdq	$0x00, POLY, X41
	reduce		X41, D
	pslldq		$8, X41
	cmpl		$4, %ecx
	jb		.Lfew

	movdqa		B, P21
	pclmulqdq	$0x00, B, P21
	reduce		P21, D
	movdqa		P21, P43
	movdqa		P21, A
	pclmulqdq	$0x00, P21, P43
	reduce		P43, D
	pclmulqdq	$0x00, B, A
	reduce		A, C
	punpcklqdq	A, P43
	punpcklqdq	B, P21
	movdqa		P43, A
	pclmulqdq	$0x00, POLY, A
	reduce		A, D
	movsd		A, X41

.Lfour_blocks:
	movdqu		(%rdx), A
	movdqu		16(%rdx), B
	pshufb		SWAP, A
	pshufb		SWAP, B
	movdqa		ACC, D
	pclmulqdq	$0x01, X41, D
	pxor		A, ACC
	pclmulqdq	$0x00, P43, ACC
	pclmulqdq	$0x11, P43, A
	movdqa		B, C
	pclmulqdq	$0x00, P21, B
	pclmulqdq	$0x11, P21, C
	pxor		B, A
	pxor		C, A
	pxor		A, D
	pxor		D, ACC
	addq		$32, %rdx
	subl		$4, %ecx
	cmpl		$4, %ecx
	jae		.Lfour_blocks

.Lfew:
	movq		%rsi, B
.Lone_block:
	subl		$1, %ecx
	jb		.Ldone
	movq		(%rdx), A
	pshufb		SWAP, A
	movdqa		ACC, D
	pclmulqdq	$0x11, X41, D
	pxor		A, ACC
	pclmulqdq	$0x00, B, ACC
	pxor		D, ACC
	addq		$8, %rdx
	jmp		.Lone_block

.Ldone:
	reduce		ACC, D
	movq		ACC, %rax
	pxor		ACC, ACC
	pxor		P43, P43
	pxor		P21, P21
	pxor		X41, X41
	pxor		A, A
	pxor		B, B
	pxor		C, C
	pxor		D, D
	RET
SYM_FUNC_END(gf64_clmul_horner)

#undef ACC
#undef SWAP
#undef A
#undef B
#undef C
#undef D

#define ACC	%xmm0
#define FOUR	%xmm1
#define TURNED	%xmm2
#define Z	%xmm3		/* two words of keystream in each half: from 0 and 2 on */
#define ZZ	%xmm4		/* from 1 and 3 on */
#define M	%xmm5
#define MM	%xmm6
#define T	%xmm7

/*
 * u32 zuchash_clmul(const u32 *z, const u8 *data, unsigned int words)
 *
 * As zuchash() does: a word of message, its first bit the lowest, times the two
 * words of keystream from its place on.  Four words at a time.
 */
SYM_FUNC_START(zuchash_clmul)
	pxor		ACC, ACC
	movdqa		.Lfour(%rip), FOUR
	movdqa		.Lturned(%rip), TURNED

.Lfour_words:
	/* The bits of each octet turned round. */
	movdqu		(%rsi), M
	movdqa		M, T
	psrlw		$4, T
	pand		FOUR, M
	pand		FOUR, T
	movdqa		TURNED, MM
	pshufb		M, MM
	movdqa		TURNED, M
	pshufb		T, M
	psrlw		$4, M
	por		MM, M
	/* The first word is the upper half of two. */
	movdqu		(%rdi), Z
	movdqu		4(%rdi), ZZ
	pshufd		$0xb1, Z, Z
	pshufd		$0xb1, ZZ, ZZ
	/* Words 1 and 3 in MM, and 0 and 2 in M. */
	movdqa		M, MM
	psrlq		$32, MM
	psllq		$32, M
	psrlq		$32, M
	movdqa		M, T
	pclmulqdq	$0x00, Z, M
	pclmulqdq	$0x11, Z, T
	pxor		M, ACC
	pxor		T, ACC
	movdqa		MM, T
	pclmulqdq	$0x00, ZZ, MM
	pclmulqdq	$0x11, ZZ, T
	pxor		MM, ACC
	pxor		T, ACC
	addq		$16, %rdi
	addq		$16, %rsi
	subl		$4, %edx
	jnz		.Lfour_words

	movq		ACC, %rax
	shrq		$32, %rax
	pxor		ACC, ACC
	pxor		Z, Z
	pxor		ZZ, ZZ
	pxor		M, M
	pxor		MM, MM
	pxor		T, T
	RET
SYM_FUNC_END(zuchash_clmul)
