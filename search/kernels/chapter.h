/* The scores of the documents of one chapter: all that is known of these stays in a near cache, where
search/alternatives.py has arrays of all documents.

Scores are single precision and come out as those of numpy to the last bit: the same operations, in
the order of the query. */

#ifndef FIHRIS_SEARCH_CHAPTER_H
#define FIHRIS_SEARCH_CHAPTER_H

#include "find.h"
#include "frequencies.h"

/* So many frequencies of a word are read at a time. */
#define SOME 64

/* What is known of the documents of a chapter; all but `places` is 0 everywhere before and after.
(`Workspace.window` in search/workspace.py has room for it.) */
typedef struct {
    double sums[CHAPTER]; /* of the set that is read */
    float scores[CHAPTER];
    uint8_t marks[CHAPTER];       /* MATCHES or ALIKE or both where one was seen */
    uint16_t places[CHAPTER + 1]; /* of the documents seen, each once */
} Window;

/* The room that Python gives for one; NULL with an exception set if it is too small. */
static Window *window_of(const Array *room)
{
    if ((size_t)room->length * room->size >= sizeof(Window))
        return room->data;
    PyErr_SetString(PyExc_TypeError, "there is not room for a chapter");
    return NULL;
}

enum { MATCHES = 1, ALIKE = 2 };

/* A chapter while it is scored. */
typedef struct {
    Window *window;
    uint32_t base, size; /* its first document, and how many it has */
    int64_t count;       /* of the documents seen */
    int listing;         /* whether these are listed */
} Chapter;

/* Adds the scores of documents to those of a chapter; of those that only tell more of hits (`more`) none
is added that is no hit. No step depends on whether a document was seen before: the processor would guess
it wrong too often. */
#define ADD_SCORES(PLACE, FREQ)                                                                    \
    for (; at < stop; at++) {                                                                      \
        const uint32_t place = PLACE;                                                              \
        const float times = FREQ, worth = times * factor / (times + norms[place]);                 \
        if (more) {                                                                                \
            window->scores[place] += window->marks[place] ? worth : 0;                             \
            continue;                                                                              \
        }                                                                                          \
        window->scores[place] += worth;                                                            \
        if (chapter->listing) {                                                                    \
            window->places[count] = (uint16_t)place;                                               \
            count += !window->marks[place];                                                        \
        }                                                                                          \
        window->marks[place] |= mark;                                                              \
    }

/* Adds the scores of the postings of a word, up to where the chapter ends. */
static inline void chapter_add_word(Chapter *chapter, const Find *find, int64_t at, int64_t end,
                                    uint8_t mark, int more)
{
    Window *window = chapter->window;
    const float *norms = find->norms + chapter->base, factor = find->factor, weight = find->weight;
    const Packed *freqs = &find->postings->freqs;
    const uint16_t *low = find->postings->docs.low16;
    int64_t count = chapter->count, next = 0;
    uint8_t room[SOME + 2];
    while (at < end) {
        int exceptional;
        const int64_t stop = end - at < SOME ? end : at + SOME;
        const uint8_t *byte = bytes_of(freqs, at, stop, room, &exceptional);
        if (!exceptional)
            ADD_SCORES(low[at], (float)*byte++ * weight)
        else
            ADD_SCORES(low[at], (float)packed_at(freqs, at, &next) * weight)
    }
    chapter->count = count;
}

/* The same of listed documents. */
static inline void chapter_add_listed(Chapter *chapter, const Find *find, int64_t at, int64_t stop,
                                      uint8_t mark, int more)
{
    Window *window = chapter->window;
    const float *norms = find->norms + chapter->base, factor = find->factor, weight = find->weight;
    const uint32_t *docs = find->docs, base = chapter->base;
    const Array *freqs = &find->freqs;
    int64_t count = chapter->count;
    if (freqs->kind == 'f') {
        const float *freq = freqs->data;
        ADD_SCORES(docs[at] - base, freq[at])
    } else {
        ADD_SCORES(docs[at] - base, (float)number_at(freqs, at) * weight)
    }
    chapter->count = count;
}

/* Whether documents from one on are all in the chapter. */
static int are_within(const Chapter *chapter, const Find *find, int64_t at, int64_t stop)
{
    const uint32_t base = chapter->base, size = chapter->size;
    uint32_t beyond = 0;
    if (!find->postings)
        for (; at < stop; at++)
            beyond |= find->docs[at] - base >= size;
    else if (size < CHAPTER)
        for (const uint16_t *low = find->postings->docs.low16; at < stop; at++)
            beyond |= low[at] >= size;
    return !beyond;
}

/* The same of any find; 0 where the file is wrong. */
static int chapter_add(Chapter *chapter, const Find *find, int64_t at, int64_t stop, uint8_t mark,
                       int more)
{
    if (!are_within(chapter, find, at, stop))
        return 0;
    /* Compiled for each, so that no document is asked which it is. */
    if (find->postings && more)
        chapter_add_word(chapter, find, at, stop, mark, 1);
    else if (find->postings)
        chapter_add_word(chapter, find, at, stop, mark, 0);
    else if (more)
        chapter_add_listed(chapter, find, at, stop, mark, 1);
    else
        chapter_add_listed(chapter, find, at, stop, mark, 0);
    return 1;
}

#endif
