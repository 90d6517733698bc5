/* Words side by side and where words stand: the twins of `phrase` and `places` in
search/positions.py. A place is document << 32 | position. */

#include "common.h"

#define BLOCK 32 /* indexer/postings.py */

/* The postings of one field. */
typedef struct {
    const Array *offsets, *freqs, *positions, *blocks;
    const uint32_t *docs;
    Py_ssize_t length;
} Postings;

static Postings postings_of(const Array *a)
{
    const Postings postings = {&a[0], &a[2], &a[3], &a[4], a[1].data, a[1].length};
    return postings;
}

/* Adds the places of one posting, ascending; gives 0 where the file is wrong. */
static int places_add(const Postings *postings, int64_t posting, int64_t back, Growing *places)
{
    const int64_t block = posting / BLOCK;
    if (block >= postings->blocks->length)
        return 0;
    uint64_t start = number_at(postings->blocks, block);
    for (int64_t p = block * BLOCK; p < posting; p++)
        start += number_at(postings->freqs, p);
    const uint64_t freq = number_at(postings->freqs, posting);
    if (start > (uint64_t)postings->positions->length ||
        freq > (uint64_t)postings->positions->length - start)
        return 0;
    int64_t *out = grow(places, freq * 8);
    if (!out)
        return 1;
    const int64_t doc = (int64_t)postings->docs[posting] << 32;
    for (uint64_t k = 0; k < freq; k++)
        out[k] = doc + (int64_t)number_at(postings->positions, (int64_t)(start + k)) - back;
    return 1;
}

static int by_value(const void *one, const void *other)
{
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void places_sort(Growing *places, size_t from)
{
    int64_t *values = (int64_t *)(places->data + from);
    const size_t count = (places->used - from) / 8;
    for (size_t n = 1; n < count; n++)
        if (values[n] < values[n - 1]) {
            qsort(values, count, 8, by_value);
            return;
        }
}

/* A word in the midst of its postings. */
typedef struct {
    int64_t at, end;
} Cursor;

/* Brings all words of a set up to a document; gives the first document from there on that holds any
of them, or UINT64_MAX. */
static uint64_t advance(const Postings *postings, Cursor *cursors, Py_ssize_t count, uint32_t doc)
{
    uint64_t next = UINT64_MAX;
    for (Py_ssize_t n = 0; n < count; n++) {
        Cursor *cursor = &cursors[n];
        if (cursor->at < cursor->end && postings->docs[cursor->at] < doc)
            cursor->at = seek(postings->docs, cursor->at, cursor->end, doc);
        if (cursor->at < cursor->end && postings->docs[cursor->at] < next)
            next = postings->docs[cursor->at];
    }
    return next;
}

/* The places that every set of words but the first tells as well, by `back` words. */
static void keep_common(Growing *kept, size_t from, const Growing *others)
{
    int64_t *values = (int64_t *)(kept->data + from);
    const int64_t *there = (const int64_t *)others->data;
    const size_t count = (kept->used - from) / 8, more = others->used / 8;
    size_t left = 0, at = 0;
    for (size_t n = 0; n < count; n++) {
        while (at < more && there[at] < values[n])
            at++;
        if (at < more && there[at] == values[n])
            values[left++] = values[n];
    }
    kept->used = from + left * 8;
}

/* phrase(ids, sizes, wanted, offsets, docs, freqs, positions, blocks) -> places, as bytes

Where words stand side by side: the place of each first word, ascending; of a single place of the
phrase one word after another.
ids: of the words that may stand in each place of the phrase, one place after another.
sizes: how many for each.
wanted: only in these documents (uint32, ascending), unless there are none. */
static PyObject *phrase(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[8];
    if (arrays_take(a, args, nargs, "i8 i8 u4 u* u4 u* u* u*") < 0)
        return NULL;
    const int64_t *ids = a[0].data, *sizes = a[1].data;
    const uint32_t *wanted = a[2].data;
    const Py_ssize_t slots = a[1].length, words = a[0].length;
    const Postings postings = postings_of(a + 3);
    Cursor *cursors = malloc(sizeof(Cursor) * (size_t)(words + 1));
    Growing found = {0}, told = {0};
    int right = postings.freqs->length == postings.length;
    int64_t work = 0, least = INT64_MAX;
    Py_ssize_t rarest = 0, named = 0;
    for (Py_ssize_t s = 0; cursors && right && s < slots; s++) {
        int64_t postings_of_slot = 0;
        for (int64_t k = 0; right && k < sizes[s]; k++, named++) {
            right = named < words && bounds_of(postings.offsets, ids[named], postings.length,
                                               &cursors[named].at, &cursors[named].end);
            if (right)
                postings_of_slot += cursors[named].end - cursors[named].at;
        }
        work += postings_of_slot;
        if (postings_of_slot < least) {
            least = postings_of_slot;
            rarest = s;
        }
    }
    right = right && named == words;
    if (cursors && right && slots == 1 && !a[2].length) {
        PyThreadState *others = let_others(work);
        for (Py_ssize_t n = 0; n < words; n++)
            for (; right && cursors[n].at < cursors[n].end; cursors[n].at++)
                right = places_add(&postings, cursors[n].at, 0, &found);
        go_on(others);
    } else if (cursors && right && slots) {
        PyThreadState *others = let_others(work);
        Py_ssize_t first = 0;
        for (Py_ssize_t s = 0; s < rarest; s++)
            first += sizes[s];
        uint64_t doc = 0;
        int64_t among = 0;
        while (right && !found.failed && !told.failed) {
            /* The next document that the rarest and then all others hold. */
            doc = advance(&postings, cursors + first, sizes[rarest], (uint32_t)doc);
            if (a[2].length && doc != UINT64_MAX) {
                among = seek(wanted, among, a[2].length, (uint32_t)doc);
                if (among == a[2].length)
                    break;
                if (wanted[among] != doc) {
                    doc = wanted[among];
                    continue;
                }
            }
            uint64_t next = doc;
            Cursor *slot = cursors;
            for (Py_ssize_t s = 0; s < slots && next == doc && doc != UINT64_MAX; s++) {
                if (s != rarest)
                    next = advance(&postings, slot, sizes[s], (uint32_t)doc);
                slot += sizes[s];
            }
            if (doc == UINT64_MAX || next == UINT64_MAX)
                break;
            if (next != doc) {
                doc = next;
                continue;
            }
            const size_t from = found.used;
            slot = cursors;
            for (Py_ssize_t s = 0; right && s < slots; s++) {
                Growing *places = s ? &told : &found;
                const size_t begin = s ? (told.used = 0) : from;
                for (int64_t k = 0; right && k < sizes[s]; k++)
                    if (slot[k].at < slot[k].end && postings.docs[slot[k].at] == doc)
                        right = places_add(&postings, slot[k].at, s, places);
                if (sizes[s] > 1)
                    places_sort(places, begin);
                if (s)
                    keep_common(&found, from, &told);
                if (found.used == from)
                    break;
                slot += sizes[s];
            }
            if (doc++ == UINT32_MAX)
                break;
        }
        go_on(others);
    }
    const int failed = !cursors || told.failed;
    free(cursors);
    free(told.data);
    arrays_drop(a, 8);
    if (!right || failed) {
        free(found.data);
        return failed ? PyErr_NoMemory() : altered();
    }
    return grown(&found);
}

/* counted(places) -> (documents as bytes of uint32, frequencies as bytes of float32) */
static PyObject *counted(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[1];
    if (arrays_take(a, args, nargs, "i8") < 0)
        return NULL;
    const int64_t *places = a[0].data;
    Growing docs = {0}, freqs = {0};
    uint32_t *doc = NULL;
    float *freq = NULL;
    for (Py_ssize_t n = 0; n < a[0].length; n++) {
        const uint32_t here = (uint32_t)(places[n] >> 32);
        if (!doc || *doc != here) {
            doc = grow(&docs, 4);
            freq = grow(&freqs, 4);
            if (!doc || !freq)
                break;
            *doc = here;
            *freq = 0;
        }
        *freq += 1;
    }
    arrays_drop(a, 1);
    PyObject *of_docs = grown(&docs), *of_freqs = grown(&freqs);
    PyObject *both = of_docs && of_freqs ? PyTuple_Pack(2, of_docs, of_freqs) : NULL;
    Py_XDECREF(of_docs);
    Py_XDECREF(of_freqs);
    return both;
}

/* near(reached, group, distance) -> the places of a group that are no farther than so many words
from a place that was reached, in either direction; all ascending. */
static PyObject *near(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    const int64_t distance = nargs == 3 ? PyLong_AsLongLong(args[2]) : -1;
    if (PyErr_Occurred() || arrays_take(a, args, nargs == 3 ? 2 : nargs, "i8 i8") < 0)
        return NULL;
    const int64_t *reached = a[0].data, *group = a[1].data;
    Growing found = {0};
    Py_ssize_t at = 0;
    for (Py_ssize_t n = 0; n < a[1].length; n++) {
        while (at < a[0].length && reached[at] < group[n] - distance)
            at++;
        if (at == a[0].length)
            break;
        if (reached[at] > group[n] + distance)
            continue;
        int64_t *place = grow(&found, 8);
        if (!place)
            break;
        *place = group[n];
    }
    arrays_drop(a, 2);
    return grown(&found);
}

/* occurrences(ids, wanted, offsets, docs) -> (place in wanted, place in ids, number of the posting)
for each posting of some words in some documents (uint32, ascending), as bytes of int64. */
static PyObject *occurrences(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[4];
    if (arrays_take(a, args, nargs, "i8 u4 u* u4") < 0)
        return NULL;
    const int64_t *ids = a[0].data;
    const uint32_t *wanted = a[1].data, *docs = a[3].data;
    Growing found = {0};
    int right = 1;
    for (Py_ssize_t n = 0; right && n < a[0].length; n++) {
        int64_t at, end;
        right = bounds_of(&a[2], ids[n], a[3].length, &at, &end);
        for (Py_ssize_t k = 0; right && k < a[1].length && at < end; k++) {
            at = seek(docs, at, end, wanted[k]);
            int64_t *row = at < end && docs[at] == wanted[k] ? grow(&found, 24) : NULL;
            if (row) {
                row[0] = k;
                row[1] = n;
                row[2] = at;
            }
        }
    }
    arrays_drop(a, 4);
    if (!right) {
        free(found.data);
        return altered();
    }
    return grown(&found);
}

/* places(ids, wanted, offsets, docs, freqs, positions, blocks) -> places, as bytes

Where some words stand in some documents (uint32, ascending), in order. */
static PyObject *places(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[7];
    if (arrays_take(a, args, nargs, "i8 u4 u* u4 u* u* u*") < 0)
        return NULL;
    const int64_t *ids = a[0].data;
    const uint32_t *wanted = a[1].data;
    const Postings postings = postings_of(a + 2);
    Growing found = {0};
    int right = postings.freqs->length == postings.length;
    for (Py_ssize_t n = 0; right && n < a[0].length; n++) {
        int64_t at, end;
        right = bounds_of(postings.offsets, ids[n], postings.length, &at, &end);
        for (Py_ssize_t k = 0; right && k < a[1].length && at < end; k++) {
            at = seek(postings.docs, at, end, wanted[k]);
            if (at < end && postings.docs[at] == wanted[k])
                right = places_add(&postings, at, 0, &found);
        }
    }
    arrays_drop(a, 7);
    if (!right) {
        free(found.data);
        return altered();
    }
    if (!found.failed && found.used)
        places_sort(&found, 0);
    return grown(&found);
}
