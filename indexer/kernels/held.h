/* The tables of arrays that Python has kernels hold for other kernels, by the types of their arrays. */

#ifndef FIHRIS_HELD_H
#define FIHRIS_HELD_H

#include "packed.h"

/* The postings of a field (`Postings.arrays` in indexer/postings.py). */
#define OF_ONE_FIELD "u* " PACKED " " PACKED " " PACKED " u*"
enum {
    OFFSETS,
    DOCS,
    FREQS = DOCS + OF_PACKED,
    POSITIONS = FREQS + OF_PACKED,
    BLOCKS = POSITIONS + OF_PACKED,
    OF_POSTINGS
};

/* A lexicon as patterns are looked for in it (`Lexicon.dictionary` in indexer/lexicon.py): all words,
where each begins, their ids in this order, and the place of each id in it; the same of the folded
forms of those that folding changes, but for the places. */
#define LEXICON "u1 u* u4 u4 u1 u* u4"

/* A segment as searches take it (`Snapshot.held` in search/snapshot.py): of each of two fields the
postings and the norms; the codes of its documents, the least one of every 64, and which are deleted. */
#define SEGMENT OF_ONE_FIELD " f4 " OF_ONE_FIELD " f4 u4 u4 u1"
enum { OF_SEGMENT = 2 * (OF_POSTINGS + 1) + 3 };

#endif
