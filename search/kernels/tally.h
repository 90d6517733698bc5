/* Takes the best documents out of a chapter, and counts what matches: the twin of `best_of_all` and
`best_of_few` in search/best.py. */

#ifndef FIHRIS_SEARCH_TALLY_H
#define FIHRIS_SEARCH_TALLY_H

#include "best.h"
#include "chapter.h"

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

#endif
