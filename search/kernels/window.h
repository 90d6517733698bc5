/* Documents of any of some finds, scored chapter by chapter: all that is known of those of a chapter
stays in a near cache.

Scores are single precision and come out as those of numpy to the last bit: the same operations, in
the order of the query. */

#ifndef FIHRIS_SEARCH_WINDOW_H
#define FIHRIS_SEARCH_WINDOW_H

#include "best.h"
#include "find.h"

/* With more postings than that, all documents of a chapter are looked at for the best. */
#define DENSE 24576

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

/* What was found so far. */
typedef struct {
    Best best;
    const uint8_t *gone;
    const uint8_t *among; /* NULL, or marks of documents */
    uint8_t wanted;       /* what the mark of a hit is */
    int64_t matching, alike;
} Tally;

/* The score that a document needs to be among the best. */
static inline float border_of(const Best *best)
{
    return best->count == best->limit && best->limit ? best->heap[0].score : 0;
}

/* Takes the documents that were listed out of a chapter. */
static void chapter_take(Chapter *chapter, Tally *tally)
{
    Window *window = chapter->window;
    const uint32_t base = chapter->base;
    Best *best = &tally->best;
    float border = border_of(best);
    int64_t matching = 0, alike = 0;
    for (int64_t n = 0; n < chapter->count; n++) {
        const uint32_t place = window->places[n];
        const float score = window->scores[place];
        uint8_t mark = window->marks[place];
        window->scores[place] = 0;
        window->marks[place] = 0;
        if (tally->gone && tally->gone[base + place])
            mark = 0;
        if (tally->among)
            mark &= tally->among[base + place] == tally->wanted ? MATCHES : 0;
        matching += mark & MATCHES;
        alike += mark == ALIKE;
        if (score >= border && score > 0 && mark) {
            best_see(best, score, base + place);
            border = border_of(best);
        }
    }
    tally->matching += matching;
    tally->alike += alike;
}

/* Leaves of a chapter only what matches among the documents that are wanted. */
static void chapter_restrict(Chapter *chapter, const Tally *tally)
{
    Window *window = chapter->window;
    const uint8_t *among = tally->among + chapter->base;
    for (uint32_t n = 0; n < chapter->size; n++) {
        const uint8_t kept = (among[n] == tally->wanted) & window->marks[n] & MATCHES;
        window->marks[n] = kept;
        window->scores[n] = kept ? window->scores[n] : 0;
    }
}

#define STEP 32

/* Takes all documents out of a chapter. Scores are never below 0, so that their bits are in their own
order, by which the processor compares many at once. */
static void chapter_take_all(Chapter *chapter, Tally *tally)
{
    Window *window = chapter->window;
    const uint32_t base = chapter->base, size = chapter->size;
    const uint8_t *gone = tally->gone ? tally->gone + base : NULL;
    int64_t matching = 0, alike = 0;
    for (uint32_t from = 0; from < size; from += STEP) {
        const uint32_t end = from + STEP < size ? from + STEP : size;
        uint8_t *marks = window->marks;
        if (gone)
            for (uint32_t n = from; n < end; n++)
                if (gone[n])
                    marks[n] = 0, window->scores[n] = 0;
        uint32_t found[2] = {0};
        for (uint32_t n = from; n < end; n++) {
            found[0] += marks[n] & MATCHES;
            found[1] += marks[n] == ALIKE;
        }
        matching += found[0];
        alike += found[1];
        const float least = border_of(&tally->best);
        int32_t bits[STEP], border, good = 0;
        memcpy(&border, &least, 4);
        memcpy(bits, window->scores + from, (end - from) * 4);
        for (uint32_t n = 0; n < end - from; n++)
            good |= bits[n] >= border;
        if (good && tally->best.limit)
            for (uint32_t n = from; n < end; n++)
                if (window->scores[n] > 0)
                    best_see(&tally->best, window->scores[n], base + n);
    }
    memset(window->scores, 0, size * sizeof(float));
    memset(window->marks, 0, size);
    tally->matching += matching;
    tally->alike += alike;
}

/* What is still to be read of a find: of the documents that match, and of those behind them. */
typedef Stretch Reached[2];

/* Enters the chapter of the next of the listed documents. */
static void enter_listed(const uint32_t *docs, Stretch *rest)
{
    rest->stop = rest->end;
    if (rest->at == rest->end)
        return;
    rest->base = docs[rest->at] & ~(uint32_t)(CHAPTER - 1);
    if (docs[rest->end - 1] - rest->base >= CHAPTER)
        rest->stop = seek(docs, rest->at, rest->end, rest->base + CHAPTER);
}

static void reached_begin(const Find *find, Reached reached)
{
    const Stretch none = {0, 0, 0, 0};
    reached[0] = reached[1] = none;
    if (find->postings) {
        reached[find->matching ? 0 : 1] = find->word;
        return;
    }
    reached[0].end = reached[1].at = find->matching;
    reached[1].end = find->length;
    for (int part = 0; part < 2; part++)
        enter_listed(find->docs, &reached[part]);
}

/* Passes over the chapter that was read. */
static void reached_pass(const Find *find, Stretch *rest)
{
    rest->at = rest->stop;
    if (find->postings)
        enter_next(&find->postings->docs, rest);
    else
        enter_listed(find->docs, rest);
}

/* Takes the documents of any of some finds, chapter by chapter, as `rank_any` says; gives 0 where they
do not ascend from one to the next or are not below `count`.

window: clean before and, unless something is wrong, after. mains: of each find whether its documents are
hits. at: one for each, to work in. */
static int see_any(Tally *tally, Window *window, const Find *finds, const uint8_t *mains,
                   Py_ssize_t length, uint32_t count, Reached *at)
{
    uint32_t next = UINT32_MAX;
    int64_t total = 0;
    for (Py_ssize_t n = 0; n < length; n++) {
        total += finds[n].length;
        reached_begin(&finds[n], at[n]);
        for (int part = 0; part < 2; part++)
            if (at[n][part].at < at[n][part].end && at[n][part].base < next)
                next = at[n][part].base;
    }
    /* Where most chapters are dense, none is listed. */
    Chapter chapter = {.window = window};
    chapter.listing = total < (int64_t)DENSE * (count / CHAPTER + 1);
    while (next < count) {
        chapter.base = next;
        chapter.size = count - next < CHAPTER ? count - next : CHAPTER;
        chapter.count = 0;
        next = UINT32_MAX;
        int64_t postings = 0;
        for (Py_ssize_t n = 0; n < length; n++) {
            const Find *find = &finds[n];
            for (int part = 0; part < 2; part++) {
                Stretch *rest = &at[n][part];
                if (rest->at == rest->end)
                    continue;
                if (rest->base == chapter.base) {
                    if (!chapter_add(&chapter, find, rest->at, rest->stop,
                                     part ? ALIKE : MATCHES, !mains[n]))
                        return 0;
                    postings += rest->stop - rest->at;
                    reached_pass(find, rest);
                }
                if (rest->at < rest->end && rest->base < next)
                    next = rest->base;
            }
        }
        if (!chapter.listing || postings > DENSE) {
            if (tally->among)
                chapter_restrict(&chapter, tally);
            chapter_take_all(&chapter, tally);
        } else {
            chapter_take(&chapter, tally);
        }
        if (next <= chapter.base)
            return 0; /* they do not ascend */
    }
    return next == UINT32_MAX;
}

#endif
