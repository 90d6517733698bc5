/* Scores of alternatives and the best of them: the twin of `alternatives` in
search/alternatives.py.

Scores are single precision and come out as those of numpy to the last bit: the same operations, in
the order of the query. */

#include "best.h"
#include "find.h"

/* With more postings than that, all documents of a window are looked at for the best. */
#define DENSE 3072

/* So many frequencies of a word are read at a time. */
#define SOME 64

/* A window of documents. */
typedef struct {
    uint32_t base, size;
    float scores[WINDOW_SCORED];
    uint8_t marks[WINDOW_SCORED]; /* SEEN, and MATCHES or ALIKE or both if it may be a hit */
    uint32_t count;               /* of the documents seen, each once: */
    uint16_t places[WINDOW_SCORED + 1];
} Window;

enum { MATCHES = 1, ALIKE = 2, SEEN = 4 };

/* Adds the scores of documents to those of a window, until one is not in it. No step depends on whether
a document was seen before: the processor would guess it wrong too often. */
#define ADD_SCORES(FREQ)                                                                           \
    for (; doc < end; doc++) {                                                                     \
        const uint32_t place = *doc - from;                                                        \
        if (place >= size)                                                                         \
            break;                                                                                 \
        const float times = FREQ;                                                                  \
        window->scores[place] += times * factor / (times + norms[place]);                          \
        if (listing) {                                                                             \
            window->places[count] = (uint16_t)place;                                               \
            count += !window->marks[place];                                                        \
        }                                                                                          \
        window->marks[place] |= mark;                                                              \
    }

/* Adds the scores of the postings of a word to those of a window, from the next one on. */
static void window_add_word(Window *window, const Find *find, Stretch *rest, uint8_t mark,
                            int listing)
{
    const uint32_t from = window->base - rest->base, size = window->size;
    const float *norms = find->norms + window->base, factor = find->factor, weight = find->weight;
    const Packed *freqs = &find->postings->freqs;
    const uint16_t *low = find->postings->docs.low16, *doc = low + rest->at;
    uint32_t count = window->count;
    uint8_t room[SOME + 2];
    int64_t next = 0;
    for (const uint16_t *stop = low + rest->stop, *end = doc; doc == end && doc < stop;) {
        int exceptional;
        const int64_t at = doc - low;
        end = stop - doc < SOME ? stop : doc + SOME;
        const uint8_t *byte = bytes_of(freqs, at, end - low, room, &exceptional);
        if (!exceptional)
            ADD_SCORES((float)*byte++ * weight)
        else
            ADD_SCORES((float)packed_at(freqs, doc - low, &next) * weight)
    }
    window->count = count;
    rest->at = doc - low;
    enter_next(&find->postings->docs, rest);
}

/* The same of the listed documents of a find. */
static void window_add(Window *window, const Find *find, Stretch *rest, uint8_t mark, int listing)
{
    const uint32_t from = window->base, size = window->size;
    const float *norms = find->norms + window->base, factor = find->factor, weight = find->weight;
    const uint32_t *doc = find->docs + rest->at, *end = find->docs + rest->stop;
    const Array *freqs = &find->freqs;
    uint32_t count = window->count;
    if (freqs->kind == 'f') {
        const float *freq = (const float *)freqs->data + rest->at;
        ADD_SCORES(*freq++)
    } else {
        ADD_SCORES((float)number_at(freqs, doc - find->docs) * weight)
    }
    window->count = count;
    rest->at = doc - find->docs;
}

/* What was found so far. */
typedef struct {
    Best best;
    const uint8_t *gone;
    const uint8_t *among; /* NULL, or marks of documents */
    uint8_t wanted;       /* what the mark of a hit is */
    int64_t matching, alike;
} Tally;

/* Takes one document out of a window. */
static inline void window_take(Window *window, uint32_t place, Tally *tally)
{
    const uint8_t mark = window->marks[place];
    const float score = window->scores[place];
    window->marks[place] = 0;
    window->scores[place] = 0;
    if (mark == SEEN || (tally->gone && tally->gone[window->base + place]))
        return;
    if (tally->among &&
        (tally->among[window->base + place] != tally->wanted || !(mark & MATCHES)))
        return;
    *(mark & MATCHES ? &tally->matching : &tally->alike) += 1;
    if (score > 0)
        best_see(&tally->best, score, window->base + place);
}

/* Leaves of a window only what matches among the documents that are wanted. */
static void window_restrict(Window *window, const Tally *tally)
{
    const uint8_t *among = tally->among + window->base;
    for (uint32_t n = 0; n < window->size; n++) {
        const uint8_t kept = (among[n] == tally->wanted) & window->marks[n] & MATCHES;
        window->marks[n] = kept;
        window->scores[n] = kept ? window->scores[n] : 0;
    }
}

#define STEP 32

/* Takes all documents out of a window. Scores are never below 0, so that their bits are in their own
order, by which the processor compares many at once. */
static void window_take_all(Window *window, Tally *tally)
{
    const uint8_t *gone = tally->gone ? tally->gone + window->base : NULL;
    int64_t matching = 0, alike = 0;
    for (uint32_t from = 0; from < window->size; from += STEP) {
        const uint32_t end = from + STEP < window->size ? from + STEP : window->size;
        uint8_t *marks = window->marks;
        if (gone)
            for (uint32_t n = from; n < end; n++)
                if (gone[n])
                    marks[n] = 0, window->scores[n] = 0;
        uint32_t found[2] = {0};
        for (uint32_t n = from; n < end; n++) {
            found[0] += marks[n] & MATCHES;
            found[1] += marks[n] == (SEEN | ALIKE);
        }
        matching += found[0];
        alike += found[1];
        const Best *best = &tally->best;
        const float least = best->count < best->limit || !best->limit ? 0 : best->heap[0].score;
        int32_t bits[STEP], border, good = 0;
        memcpy(&border, &least, 4);
        memcpy(bits, window->scores + from, (end - from) * 4);
        for (uint32_t n = 0; n < end - from; n++)
            good |= bits[n] >= border;
        if (good && best->limit)
            for (uint32_t n = from; n < end; n++)
                if (window->scores[n] > 0)
                    best_see(&tally->best, window->scores[n], window->base + n);
    }
    memset(window->scores, 0, window->size * sizeof(float));
    memset(window->marks, 0, window->size);
    tally->matching += matching;
    tally->alike += alike;
}

/* What is still to be read of a find: of the documents that match, and of those behind them. */
typedef Stretch Reached[2];

static void reached_begin(const Find *find, Reached reached)
{
    const Stretch all = {0, find->length, find->length, 0}, none = {0, 0, 0, 0};
    reached[0] = reached[1] = find->postings ? none : all;
    if (!find->postings)
        reached[0].end = reached[0].stop = reached[1].at = find->matching;
    else
        reached[find->matching ? 0 : 1] = find->word;
}

/* The next document that is still to be read, or UINT32_MAX. */
static inline uint32_t next_of(const Find *find, const Stretch *rest)
{
    if (rest->at == rest->end)
        return UINT32_MAX;
    return find->postings ? doc_of(&find->postings->docs, rest) : find->docs[rest->at];
}

/* Takes the documents of any of some finds, window by window, as `rank_any` says; gives 0 where they
do not ascend or are not below `count`.

window: clean, before and after. at: one for each find, to work in. */
static int see_any(Tally *tally, Window *window, const Find *finds, const uint8_t *mains,
                   Py_ssize_t length, uint32_t count, Reached *at)
{
    uint32_t next = UINT32_MAX;
    int64_t total = 0;
    for (Py_ssize_t n = 0; n < length; n++)
        total += finds[n].length;
    /* Where most windows are dense, none is listed. */
    const int listing = total < (int64_t)DENSE * (count / WINDOW_SCORED + 1);
    for (Py_ssize_t n = 0; n < length; n++) {
        reached_begin(&finds[n], at[n]);
        for (int part = 0; part < 2; part++) {
            const uint32_t doc = next_of(&finds[n], &at[n][part]);
            next = doc < next ? doc : next;
        }
    }
    while (next < count) {
        window->base = next / WINDOW_SCORED * WINDOW_SCORED;
        window->size = (uint32_t)(count - window->base);
        if (window->size > WINDOW_SCORED)
            window->size = WINDOW_SCORED;
        next = UINT32_MAX;
        int64_t postings = 0;
        for (Py_ssize_t n = 0; n < length; n++) {
            const Find *find = &finds[n];
            for (int part = 0; part < 2; part++) {
                Stretch *rest = &at[n][part];
                if (rest->at == rest->end)
                    continue;
                const int64_t from = rest->at;
                (find->postings ? window_add_word : window_add)(
                    window, find, rest, SEEN | (mains[n] ? part ? ALIKE : MATCHES : 0), listing);
                postings += rest->at - from;
                const uint32_t doc = next_of(find, rest);
                next = doc < next ? doc : next;
            }
        }
        if (!listing || postings > DENSE) {
            if (tally->among)
                window_restrict(window, tally);
            window_take_all(window, tally);
        } else {
            for (uint32_t n = 0; n < window->count; n++)
                window_take(window, window->places[n], tally);
        }
        window->count = 0;
        if (next < window->base + window->size)
            break; /* they do not ascend */
    }
    return next == UINT32_MAX;
}

/* rank_any(finds, mains, codes, gone, among, wanted, number, limit, type)
-> (list of hits, how many match, how many do not)

Documents of any of some finds, and the best of them.

mains: for each find whether its documents are hits; those of the others, which are hits of the find
before them, only add to these.
codes: of the documents' ids (uint32). gone: which documents are deleted, or None.
among: marks (bool) of documents, or None. If given only those count that match and have the mark
`wanted`. */
static PyObject *rank_any(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 9) {
        PyErr_SetString(PyExc_TypeError, "nine arguments are needed");
        return NULL;
    }
    const long wanted = PyLong_AsLong(args[5]);
    const long long number = PyLong_AsLongLong(args[6]), limit = PyLong_AsLongLong(args[7]);
    Array a[2], marked[2] = {{0}};
    Py_ssize_t masks = 0;
    if (PyErr_Occurred() || !is_row(args[8]) || arrays_take(a, args + 1, 2, "u1 u4") < 0)
        return NULL;
    const Py_ssize_t count = a[1].length;
    const uint8_t *mains = a[0].data, *mask[2] = {NULL, NULL};
    Window window = {0};
    PyObject *answer = NULL, *list;
    Reached *at = NULL;
    Finds all;
    for (int n = 0; n < 2; n++) {
        if (args[3 + n] == Py_None)
            continue;
        if (arrays_take(&marked[masks], args + 3 + n, 1, "u1") < 0)
            goto done;
        mask[n] = marked[masks++].data;
    }
    Tally tally = {{0}, mask[0], mask[1], (uint8_t)wanted, 0, 0};
    if (finds_take(&all, args[0], count) < 0)
        goto done;
    int fitting = a[0].length == all.count;
    for (Py_ssize_t n = 0; n < masks; n++)
        fitting &= marked[n].length == count;
    if (!fitting) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        goto drop;
    }
    at = malloc(sizeof(*at) * (size_t)(all.count + 1));
    if (!at) {
        PyErr_NoMemory();
        goto drop;
    }
    if (best_begin(&tally.best, limit, count, a[1].data) < 0)
        goto drop;

    PyThreadState *others = let_others_for(all.finds, all.count);
    const int right = see_any(&tally, &window, all.finds, mains, all.count, (uint32_t)count, at);
    go_on(others);
    if (!right) {
        free(tally.best.heap);
        altered();
        goto drop;
    }
    list = best_list(&tally.best, number, args[8]);
    if (list)
        answer = Py_BuildValue("(NLL)", list, (long long)tally.matching, (long long)tally.alike);
drop:
    free(at);
    finds_drop(&all);
done:
    arrays_drop(marked, masks);
    arrays_drop(a, 2);
    return answer;
}
