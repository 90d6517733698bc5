/* Which documents of a segment hold all that is sought: all sets of a query, or all words of a phrase,
and these side by side. */

#ifndef FIHRIS_SEARCH_SOUGHT_H
#define FIHRIS_SEARCH_SOUGHT_H

#include "lists.h"
#include "phrase.h"
#include "query.h"

/* The documents of a segment that are in all sets, ascending; -1 where the file is wrong.

shortest: how many documents a set has at least; out has room for them. lists: one more than there
are sets; marks: as many; to work in. */
static int64_t in_all_sets(const Query *query, Py_ssize_t segment, int64_t count,
                           int64_t shortest, List *lists, uint64_t **marks, uint32_t *out)
{
    const Find *finds = query->finds + segment * query->count;
    uint64_t *const *marking = query->marks + segment * query->count;
    Py_ssize_t listed = 0, marked = 0;
    int by_lists = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        if (!query->asked[n].role)
            continue;
        if (marking[n]) {
            marks[marked++] = marking[n];
        } else {
            by_lists |= finds[n].matching == shortest;
            lists[listed++] = list_of(&finds[n]);
        }
    }
    if (by_lists) {
        const int64_t found = in_all(lists, listed, out);
        return all_below(out, found, count) ? keep_marked(out, found, marks, marked) : -1;
    }
    const int64_t found = marked_by_all(marks, marked, count, out);
    lists[listed] = list_of_docs(out, found);
    /* What is kept is written over what was looked at. */
    return listed ? in_all(lists, listed + 1, out) : found;
}

/* Takes where a phrase stands as documents and frequencies; gives -1 with an exception set. */
static int phrase_take(Find *find, const Growing *places, Room *room)
{
    const int64_t *place = (const int64_t *)places->data;
    const int64_t count = (int64_t)places->used / 8;
    uint32_t *docs = room_take(room, count, sizeof(uint32_t) + sizeof(float));
    if (!docs)
        return -1;
    float *freqs = (float *)(docs + count);
    int64_t found = 0;
    for (int64_t n = 0; n < count; n++) {
        const uint32_t doc = (uint32_t)(place[n] >> 32);
        if (!found || docs[found - 1] != doc) {
            docs[found] = doc;
            freqs[found++] = 0;
        }
        freqs[found - 1]++;
    }
    find->docs = docs;
    find->freqs = (Array){.data = freqs, .length = found, .size = 4, .kind = 'f'};
    find->length = find->matching = found;
    return 1;
}

/* Looks for a phrase in the documents of a segment. The answer is that of `set_read`.

among: only in these documents, or NULL. */
static int phrase_search(Query *query, Py_ssize_t segment, Py_ssize_t set, const Array *among)
{
    const Asked *asked = &query->asked[set];
    const Query *words = asked->phrase;
    const Array *arrays = segment_of(query, segment);
    const Postings *postings = &query->postings[segment][asked->field];
    const Py_ssize_t slots = words->count, at = segment * slots;
    int64_t shortest = INT64_MAX, total = 0;
    int right = 1;
    for (Py_ssize_t s = 0; s < slots; s++) {
        const int64_t matching = words->finds[at + s].matching;
        shortest = matching < shortest ? matching : shortest;
        total += words->words[at + s][0].length;
    }
    if (!shortest)
        return 1;
    Room *room = &query->place->room;
    const size_t used = room->used;
    int64_t *sizes = room_take(room, slots, sizeof(int64_t));
    Stretch *cursors = room_take(room, total, sizeof(Stretch)), *cursor = cursors;
    if (PyErr_Occurred())
        return -1;
    Growing places = {0};
    for (Py_ssize_t s = 0; right && s < slots; s++) {
        const Array *ids = words->words[at + s];
        const Words *known = &words->finds[at + s].words;
        sizes[s] = ids->length;
        for (int64_t k = 0; k < known->count; k++)
            cursor[k] = known->stretches[k];
        right = stretches_of(postings, (const int64_t *)ids->data + known->count,
                             sizes[s] - known->count, cursor + known->count);
        cursor += sizes[s];
    }
    if (right) {
        PyThreadState *threads = let_others(shortest * total);
        const Phrase phrase = {postings, cursors, sizes, slots, words->marks + at,
                               (uint32_t)arrays[CODES].length};
        right = phrase_find(&phrase, among ? among->data : NULL, among ? among->length : 0, &places);
        go_on(threads);
    }
    room->used = used;
    if (places.failed) {
        PyErr_NoMemory();
        right = -1;
    } else if (right) {
        Find *find = &query->finds[segment * query->count + set];
        find->norms = arrays[asked->field * OF_FIELD + NORMS].data;
        find->weight = 1;
        right = phrase_take(find, &places, room);
    }
    free(places.data);
    return right;
}

/* The same, in the documents in which it is to be looked for. */
static int phrase_read(Query *query, Py_ssize_t segment, Py_ssize_t set)
{
    PyObject *among = PyList_GetItem(query->asked[set].among, segment);
    if (among == Py_None)
        return phrase_search(query, segment, set, NULL);
    Array docs;
    if (!among || arrays_take(&docs, &among, 1, "u4") < 0)
        return -1;
    const int right = phrase_search(query, segment, set, &docs);
    arrays_drop(&docs, 1);
    return right;
}

#endif
