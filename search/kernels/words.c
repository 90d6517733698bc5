/* Queries of words alone, from the words to the best documents of all segments: the twin of what
`look_up`, `alternatives` and `joined` do for one segment after another, by what gather.c, joined.c
and rank.c do for these. */

#include "best.h"
#include "sought.h"

/* How many documents each set finds, as a list; of a phrase each of its words. NULL with an exception
set where there is no memory. */
static PyObject *query_frequencies(const Query *query)
{
    PyObject *frequencies = PyList_New(query->count);
    for (Py_ssize_t n = 0; frequencies && n < query->count; n++) {
        const Asked *asked = &query->asked[n];
        PyObject *each = asked->phrase ? query_frequencies(asked->phrase)
                                       : PyLong_FromLongLong(asked->frequency);
        if (each)
            PyList_SetItem(frequencies, n, each);
        else
            Py_CLEAR(frequencies);
    }
    return frequencies;
}

/* Asks what each set is worth, now that it is known how many documents it finds; gives -1 with an
exception set. */
static int query_price(Query *query, PyObject *price)
{
    PyObject *frequencies = query_frequencies(query), *factors = NULL;
    if (frequencies)
        factors = PyObject_CallFunctionObjArgs(price, frequencies, NULL);
    Py_XDECREF(frequencies);
    if (factors && !(PyList_Check(factors) && PyList_Size(factors) == query->count))
        PyErr_SetString(PyExc_TypeError, "there is not a factor for each set");
    for (Py_ssize_t n = 0; !PyErr_Occurred() && n < query->count; n++) {
        const float factor = (float)PyFloat_AsDouble(PyList_GetItem(factors, n));
        for (Py_ssize_t at = n; at < query->taken; at += query->count)
            query->finds[at].factor = factor;
    }
    Py_XDECREF(factors);
    return PyErr_Occurred() ? -1 : 0;
}

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

/* Adds what the sets tell of some documents of a segment to their scores; gives 0 where the file is
wrong. */
static int add_sets(const Query *query, Py_ssize_t segment, int64_t count, float *scores,
                    const uint32_t *docs, int64_t length)
{
    const Workplace *place = query->place;
    const Find *finds = query->finds + segment * query->count;
    int right = 1, marking = 0;
    for (Py_ssize_t n = 0; n < query->count; n++)
        marking |= finds[n].deferred && query->asked[n].role != EVEN;
    for (int64_t n = 0; marking && n < length; n++)
        place->bits[docs[n] >> 6] |= UINT64_C(1) << (docs[n] & 63);
    for (Py_ssize_t n = 0; right && n < query->count; n++) {
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
        right = add_marked(place->sums, place->bits, (uint32_t)count, docs, length, &find->words);
        for (int64_t k = 0; k < length; k++) {
            const double sum = place->sums[docs[k]];
            place->sums[docs[k]] = 0;
            if (sum > 0)
                scores[k] += score_of(find, (float)sum, docs[k]);
        }
    }
    for (int64_t n = 0; marking && n < length; n++)
        place->bits[docs[n] >> 6] = 0;
    return right;
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
        right = add_sets(query, segment, codes->length, scores, docs, found) &&
                see_all(&tally->best, scores, docs, found, tally->gone, codes->length,
                        &tally->matching);
    }
    go_on(threads);
    room->used = used;
    return right;
}

/* rank_words(segments, sets, all, price, sums, bits, window, room, limit, type)
-> (list of hits, how many match, how many do not)

The best documents of each segment for sets of words, segment by segment.

segments: held arrays (SEGMENT).
sets: of words (their Variants of each segment, 0 or 1 for text or title, Extent, Role); or a phrase
(sets of its words, the documents of each segment in which it is looked for or None for all).
all: whether documents must be in all of the sets whose documents are hits, or in any.
price: is asked once what sets are worth that so many documents hold (lists of numbers, of a phrase
the list of those of its words), and may still change where phrases are looked for.
sums, bits: to work in, 0 everywhere before and after; one for each document.
window, room: to work in, as `Workspace` gives them.
type: of hits, one of tuples (segment, document, score). */
static PyObject *rank_words(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 10) {
        PyErr_SetString(PyExc_TypeError, "ten arguments are needed");
        return NULL;
    }
    Query query = {.held = held_of(args[0], SEGMENT), .all = PyObject_IsTrue(args[2])};
    const long long limit = PyLong_AsLongLong(args[8]);
    Array a[4];
    if (!query.held || PyErr_Occurred() || !is_row(args[9]) ||
        arrays_take(a, args + 4, 4, "=f8 =u8 =f8 =u1") < 0)
        return NULL;
    const int64_t bits = a[1].length * 64;
    PyObject *hits = NULL, *answer = NULL;
    Tally tally = {.gone = NULL};
    int right = 1;
    Workplace place = {a[0].data, a[1].data, a[0].length < bits ? a[0].length : bits,
                       window_of(&a[2]), {.data = a[3].data, .size = (size_t)a[3].length}};
    query.place = &place;
    query.postings = room_take(&place.room, query.held->count, sizeof(*query.postings));
    if (!place.window || !query.postings)
        goto done;
    for (Py_ssize_t s = 0; right && s < query.held->count; s++)
        for (int field = 0; right && field < 2; field++)
            right = postings_of(&query.postings[s][field],
                                segment_of(&query, s) + field * OF_FIELD);
    if (right && query_take(&query, args[1]) < 0)
        right = -1;
    for (Py_ssize_t s = 0; right > 0 && s < query.held->count; s++)
        for (Py_ssize_t n = 0; right > 0 && n < query.count; n++)
            right = query_read(&query, s, n);
    if (right <= 0 || query_price(&query, args[3]) < 0)
        goto done;
    hits = PyList_New(0);
    for (Py_ssize_t s = 0; hits && right > 0 && s < query.held->count; s++) {
        for (Py_ssize_t n = 0; right > 0 && n < query.count; n++)
            right = query.asked[n].phrase ? phrase_read(&query, s, n) : right;
        if (right <= 0)
            break;
        const Array *gone = &segment_of(&query, s)[GONE];
        tally.gone = gone->length ? gone->data : NULL;
        right = query.all ? rank_in_all(&query, s, &tally, limit)
                          : rank_in_any(&query, s, &tally, limit);
        if (right > 0) {
            PyObject *own = best_list(&tally.best, s, args[9]);
            const Py_ssize_t end = PyList_Size(hits);
            if (!own || PyList_SetSlice(hits, end, end, own) < 0)
                Py_CLEAR(hits);
            Py_XDECREF(own);
        } else {
            free(tally.best.heap);
        }
    }
    if (hits && right > 0)
        answer = Py_BuildValue("(OLL)", hits, (long long)tally.matching, (long long)tally.alike);
done:
    if (!right)
        altered();
    Py_XDECREF(hits);
    query_drop(&query);
    room_leave(&place.room);
    arrays_drop(a, 4);
    return answer;
}
