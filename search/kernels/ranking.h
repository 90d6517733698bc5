/* Ranks the documents of a segment, once it is known what each set of a query is worth: the twin of
`alternatives` and `joined`, which do so for any query. */

#ifndef FIHRIS_SEARCH_RANKING_H
#define FIHRIS_SEARCH_RANKING_H

#include "any.h"
#include "scores.h"
#include "sought.h"

/* Ranks the documents of a segment that are in any set; gives 0 where the file is wrong, -1 with an
exception set. */
static int rank_in_any(Query *query, Py_ssize_t segment, Tally *tally, int64_t limit)
{
    const Array *codes = &segment_of(query, segment)[CODES];
    Find *finds = query->finds + segment * query->count;
    uint8_t *mains = room_take(&query->place->room, query->count, 1);
    Reached *at = room_take(&query->place->room, query->count, sizeof(Reached));
    if (!mains || !at || best_begin(&tally->best, limit, codes->length, codes->data) < 0)
        return -1;
    Py_ssize_t kept = 0;
    int there = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        there = query->asked[n].role ? finds[n].length > 0 : there;
        if (there && finds[n].length) {
            finds[kept] = finds[n];
            mains[kept++] = query->asked[n].role != MORE;
        }
    }
    PyThreadState *threads = let_others_for(finds, kept);
    const int right = see_any(tally, query->place->window, finds, mains, kept,
                              (uint32_t)codes->length, at);
    go_on(threads);
    return right;
}

/* Adds what the sets tell of some documents of a segment to their scores. */
static void add_sets(const Query *query, Py_ssize_t segment, int64_t count, float *scores,
                     const uint32_t *docs, int64_t length)
{
    const Workplace *place = query->place;
    const Find *finds = query->finds + segment * query->count;
    int marking = 0;
    for (Py_ssize_t n = 0; n < query->count; n++)
        marking |= finds[n].deferred && query->asked[n].role != EVEN;
    for (int64_t n = 0; marking && n < length; n++)
        place->bits[docs[n] >> 6] |= UINT64_C(1) << (docs[n] & 63);
    for (Py_ssize_t n = 0; n < query->count; n++) {
        const Find *find = &finds[n];
        if (query->asked[n].role == EVEN) {
            for (int64_t k = 0; k < length; k++)
                scores[k] += find->factor;
            continue;
        }
        if (!find->deferred) {
            add_between(scores, docs, length, find, 0, find->length);
            continue;
        }
        add_marked(place->sums, place->bits, (uint32_t)count, docs, length, &find->words);
        for (int64_t k = 0; k < length; k++) {
            const double sum = place->sums[docs[k]];
            place->sums[docs[k]] = 0;
            if (sum > 0)
                scores[k] += score_of(find, (float)sum, docs[k]);
        }
    }
    for (int64_t n = 0; marking && n < length; n++)
        place->bits[docs[n] >> 6] = 0;
}

/* Ranks the documents of a segment that are marked, each worth the same: only their codes tell which
are the best, and of 64 documents whose codes are all too high none is looked at. */
static void rank_marked(const Query *query, Py_ssize_t segment, Tally *tally, const uint64_t *bits)
{
    const Array *arrays = segment_of(query, segment);
    const uint32_t *codes = arrays[CODES].data, *least = arrays[LEAST].data;
    const Find *find = &query->finds[segment * query->count];
    Best *best = &tally->best;
    uint32_t border = best->limit ? UINT32_MAX : 0; /* the code of the last of the best, when full */
    tally->matching += tally->gone ? 0 : find->matching;
    for (int64_t at = 0; at < arrays[LEAST].length; at++) {
        if (!tally->gone && least[at] >= border)
            continue;
        for (uint64_t word = bits[at]; word; word &= word - 1) {
            const uint32_t doc = (uint32_t)(at * 64 + lowest(word));
            if (tally->gone && tally->gone[doc])
                continue;
            tally->matching += tally->gone != NULL;
            if (codes[doc] >= border)
                continue;
            best_see(best, find->factor, doc);
            if (best->count == best->limit)
                border = codes[best->heap[0].doc];
        }
    }
}

/* Ranks the documents of a segment that are in all sets; the answer is that of `rank_in_any`. */
static int rank_in_all(Query *query, Py_ssize_t segment, Tally *tally, int64_t limit)
{
    const Array *codes = &segment_of(query, segment)[CODES];
    const Find *finds = query->finds + segment * query->count;
    int64_t shortest = query->count ? INT64_MAX : 0, words = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        if (query->asked[n].role && finds[n].matching < shortest)
            shortest = finds[n].matching;
        words += finds[n].words.count + 1;
    }
    if (best_begin(&tally->best, limit, shortest, codes->data) < 0)
        return -1;
    if (!shortest)
        return 1;
    const uint64_t *only = query->marks[segment * query->count];
    if (query->count == 1 && query->asked[0].role == EVEN && only) {
        PyThreadState *threads = let_others(codes->length);
        rank_marked(query, segment, tally, only);
        go_on(threads);
        return 1;
    }
    Room *room = &query->place->room;
    const size_t used = room->used;
    List *lists = room_take(room, query->count + 1, sizeof(List));
    uint64_t **marks = room_take(room, query->count, sizeof(*marks));
    uint32_t *docs = room_take(room, shortest, sizeof(uint32_t));
    float *scores = room_take(room, shortest, sizeof(float));
    if (!lists || !marks || !docs || !scores)
        return -1;
    PyThreadState *threads = let_others(shortest * words);
    const int64_t found =
        in_all_sets(query, segment, codes->length, shortest, lists, marks, docs);
    int right = found >= 0;
    if (right) {
        memset(scores, 0, (size_t)found * sizeof(float));
        add_sets(query, segment, codes->length, scores, docs, found);
        right = see_all(&tally->best, scores, docs, found, tally->gone, codes->length,
                        &tally->matching);
    }
    go_on(threads);
    room->used = used;
    return right;
}

#endif
