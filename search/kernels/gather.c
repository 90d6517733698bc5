/* The documents of sets of words: the twin of `look_up` in search/reading.py. */

#include "find.h"

/* So many documents are added up at a time: their sums stay in the nearest cache. */
#define WINDOW 4096

/* Adds up weight × frequency of the postings of a word in a window, and notes their documents. */
static void add_up(double *sums, uint64_t *bits, uint32_t base, uint32_t window,
                   const Postings *postings, Stretch *word, double weight)
{
    const uint16_t *docs = postings->docs.low16;
    int64_t next = 0;
    while (word->at < word->end) {
        const uint32_t from = base - word->base;
        const int64_t stop = word->stop;
        int64_t at = word->at;
        for (; at < stop; at++) {
            const uint32_t place = docs[at] - from;
            if (place >= window)
                break;
            sums[place] += weight * (double)packed_at(&postings->freqs, at, &next);
            bits[place >> 6] |= UINT64_C(1) << (place & 63);
        }
        word->at = at;
        if (at < stop)
            return;
        enter_next(&postings->docs, word);
    }
}

/* Takes the documents of a word of bits out of a window. */
static void take(Listed *listed, uint64_t word, uint32_t base, uint32_t place, double *sums)
{
    while (word) {
        const uint32_t here = place + (uint32_t)lowest(word);
        word &= word - 1;
        listed->docs[listed->count] = base + here;
        listed->sums[listed->count++] = (float)sums[here];
        sums[here] = 0;
    }
}

/* Reads the postings of a set; gives 0 where the file is wrong.

sums, core, rest: as long as a window, or `count` where the words are many and short. */
static int read_set(Stretch *words, const double *weights, int64_t length, int64_t matching,
                    uint32_t count, const Postings *postings, double *sums, uint64_t *core,
                    uint64_t *rest, Listed *matched, Listed *others)
{
    const int many = length * (count / WINDOW + 1) > length_of(words, length);
    const uint32_t size = many || count < WINDOW ? count : WINDOW;
    uint32_t base = 0;
    int64_t left = length;
    while (left) {
        const uint32_t window = size < count - base ? size : count - base;
        uint32_t next = UINT32_MAX;
        left = 0;
        for (int64_t n = 0; n < length; n++) {
            Stretch *word = &words[n];
            if (word->at == word->end)
                continue;
            add_up(sums, n < matching ? core : rest, base, window, postings, word, weights[n]);
            if (word->at < word->end) {
                const uint32_t doc = doc_of(&postings->docs, word);
                left++;
                next = doc < next ? doc : next;
            }
        }
        for (uint32_t place = 0; place < window; place += 64) {
            const uint64_t both = core[place >> 6] | rest[place >> 6];
            if (!both)
                continue;
            take(matched, core[place >> 6], base, place, sums);
            take(others, both & ~core[place >> 6], base, place, sums);
            core[place >> 6] = rest[place >> 6] = 0;
        }
        if (left && (next < base + window || next >= count))
            return 0; /* they do not ascend, or there is no such document */
        base = next / size * size;
    }
    return 1;
}

/* A set of words that is asked for. */
typedef struct {
    Array arrays[2]; /* ids and weights */
    int64_t words, matching;
} Set;

/* Takes hold of a tuple (ids, weights, words, matching). */
static int set_take(Set *set, PyObject *tuple)
{
    PyObject *parts[4];
    if (!PyTuple_Check(tuple) || PyTuple_Size(tuple) != 4) {
        PyErr_SetString(PyExc_TypeError, "a set is a tuple of four");
        return -1;
    }
    for (int n = 0; n < 4; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    set->words = PyLong_AsLongLong(parts[2]);
    set->matching = PyLong_AsLongLong(parts[3]);
    if (PyErr_Occurred() || arrays_take(set->arrays, parts, 2, "i8 f8") < 0)
        return -1;
    if (set->words < 0 || set->words > set->arrays[0].length ||
        set->words > set->arrays[1].length || set->matching < 0 || set->matching > set->words) {
        arrays_drop(set->arrays, 2);
        PyErr_SetString(PyExc_TypeError, "a set has fewer words than it says");
        return -1;
    }
    return 0;
}

/* Sets of words with the postings of each word. */
typedef struct {
    Set *sets;
    Py_ssize_t count;
    Stretch *stretches;
} Sets;

static void sets_drop(Sets *all)
{
    for (Py_ssize_t s = 0; s < all->count; s++)
        arrays_drop(all->sets[s].arrays, 2);
    free(all->sets);
    free(all->stretches);
}

/* Takes hold of a list of sets, and looks up their words; gives -1 with an exception set. */
static int sets_take(Sets *all, PyObject *list, const Postings *postings)
{
    *all = (Sets){NULL, 0, NULL};
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "sets come in a list");
        return -1;
    }
    const Py_ssize_t wanted = PyList_Size(list);
    int64_t words = 0;
    all->sets = malloc(sizeof(Set) * (size_t)(wanted + 1));
    for (; all->sets && all->count < wanted; all->count++) {
        if (set_take(&all->sets[all->count], PyList_GetItem(list, all->count)) < 0)
            goto wrong;
        words += all->sets[all->count].words;
    }
    all->stretches = malloc(sizeof(Stretch) * (size_t)(words + 1));
    if (!all->sets || !all->stretches) {
        PyErr_NoMemory();
        goto wrong;
    }
    Stretch *word = all->stretches;
    for (Py_ssize_t s = 0; s < wanted; s++) {
        const int64_t *ids = all->sets[s].arrays[0].data;
        for (int64_t k = 0; k < all->sets[s].words; k++, word++)
            if (!stretch_of(postings, ids[k], word)) {
                altered();
                goto wrong;
            }
    }
    return 0;
wrong:
    sets_drop(all);
    return -1;
}

/* Some numbers as a list. */
static PyObject *numbers(const int64_t *values, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    for (Py_ssize_t n = 0; list && n < count; n++) {
        PyObject *value = PyLong_FromLongLong(values[n]);
        if (!value)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, n, value);
    }
    return list;
}

/* gather(sets, postings, sums, bits) -> (documents, frequencies, edges)

sets: of words, each (ids, weights, so many words of the first, so many make a document a match).
sums, bits: to work in, 0 everywhere before and after; one sum and two bits for each document.

The answer is two arrays as bytes and a list, edges. It has three numbers for each set: where its
documents begin and end, and how many of them match. Those of one word are places among the
postings, those of several among the documents of the answer (uint32), which has the sum of weight
× frequency of each beside them (float32). Those that match come first; both parts ascend. */
static PyObject *gather(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    if (!postings_held(&postings, args[1]) || arrays_take(a, args + 2, 2, "=f8 =u8") < 0)
        return NULL;
    Sets all;
    const uint32_t count = (uint32_t)a[0].length;
    const int64_t bits = ((int64_t)count + 63) / 64;
    PyObject *found = NULL, *of_docs = NULL, *of_freqs = NULL, *of_sets = NULL;
    int64_t *edges = NULL;
    char *aside = NULL;
    if (sets_take(&all, args[0], &postings) < 0)
        goto drop;
    int64_t total = 0, most = 0; /* postings, and those of words that make no match */
    Stretch *word = all.stretches;
    for (Py_ssize_t s = 0; s < all.count; s++) {
        const int64_t words = all.sets[s].words, matching = all.sets[s].matching;
        const int64_t rest = length_of(word + matching, words - matching);
        if (words > 1)
            total += length_of(word, words);
        most = rest > most ? rest : most;
        word += words;
    }
    int right = a[1].length >= 2 * bits;
    if (!right) {
        PyErr_SetString(PyExc_TypeError, "there are not two bits for each document");
        goto done;
    }
    of_docs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)total * 4);
    of_freqs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)total * 4);
    edges = malloc(sizeof(int64_t) * 3 * (size_t)(all.count + 1));
    aside = malloc((size_t)most * 8 + 1);
    if (!of_docs || !of_freqs || !edges || !aside) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        goto done;
    }
    uint32_t *out = (uint32_t *)PyByteArray_AsString(of_docs);
    float *sum = (float *)PyByteArray_AsString(of_freqs);
    uint64_t *core = a[1].data, *rest = core + bits;
    int64_t at = 0;
    PyThreadState *others = let_others(total);
    word = all.stretches;
    for (Py_ssize_t s = 0; right && s < all.count; s++) {
        const int64_t words = all.sets[s].words, matching = all.sets[s].matching;
        int64_t *edge = edges + 3 * s;
        if (words == 1) {
            edge[0] = word->at;
            edge[1] = word->end;
            edge[2] = matching ? word->end - word->at : 0;
        } else {
            Listed matched = {out + at, sum + at, 0};
            Listed alike = {(uint32_t *)aside, (float *)(aside + most * 4), 0};
            right = read_set(word, all.sets[s].arrays[1].data, words, matching,
                             count, &postings, a[0].data, core, rest, &matched, &alike);
            edge[0] = at;
            at += matched.count;
            memcpy(out + at, alike.docs, (size_t)alike.count * 4);
            memcpy(sum + at, alike.sums, (size_t)alike.count * 4);
            at += alike.count;
            edge[1] = at;
            edge[2] = matched.count;
        }
        word += words;
    }
    go_on(others);
    if (!right)
        altered();
    else if ((of_sets = numbers(edges, 3 * all.count)))
        found = PyTuple_Pack(3, of_docs, of_freqs, of_sets);
done:
    free(aside);
    free(edges);
    Py_XDECREF(of_docs);
    Py_XDECREF(of_freqs);
    Py_XDECREF(of_sets);
    sets_drop(&all);
drop:
    arrays_drop(a, 2);
    return found;
}

/* The documents of some words, ascending, each once; -1 where the file is wrong.

bits: one for each of `count` documents, 0 everywhere before and after. */
static int64_t in_any(const Stretch *words, int64_t length, uint32_t count, const Packed *docs,
                      uint64_t *bits, uint32_t *out)
{
    int64_t found = 0, beyond = 0;
    uint32_t first = UINT32_MAX, last = 0;
    for (int64_t n = 0; n < length; n++) {
        Stretch word = words[n];
        for (; word.at < word.end; word.at = word.stop, enter_next(docs, &word))
            for (int64_t at = word.at; at < word.stop; at++) {
                const uint32_t doc = word.base + docs->low16[at];
                if (doc >= count) {
                    beyond++;
                    continue;
                }
                bits[doc >> 6] |= UINT64_C(1) << (doc & 63);
                first = doc < first ? doc : first;
                last = doc > last ? doc : last;
            }
    }
    for (uint32_t place = first >> 6; first <= last && place <= last >> 6; place++) {
        uint64_t word = bits[place];
        bits[place] = 0;
        for (; word; word &= word - 1)
            out[found++] = place * 64 + (uint32_t)lowest(word);
    }
    return beyond ? -1 : found;
}

/* unite(sets, postings, bits, count) -> (documents, edges)

The same as `gather`, but for the frequencies; all words of a set make a document a match. count:
the number of documents. */
static PyObject *unite(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[1];
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    const unsigned long count = PyLong_AsUnsignedLong(args[3]);
    if (PyErr_Occurred() || !postings_held(&postings, args[1]) ||
        arrays_take(a, args + 2, 1, "=u8") < 0)
        return NULL;
    Sets all;
    PyObject *found = NULL, *of_docs = NULL, *of_sets = NULL;
    int64_t *edges = NULL;
    if (count >= UINT32_MAX || a[0].length < (int64_t)count / 64 + (count % 64 > 0)) {
        PyErr_SetString(PyExc_TypeError, "there is not a bit for each document");
        goto drop;
    }
    if (sets_take(&all, args[0], &postings) < 0)
        goto drop;
    int64_t total = 0;
    Stretch *word = all.stretches;
    for (Py_ssize_t s = 0; s < all.count; s++) {
        if (all.sets[s].words > 1)
            total += length_of(word, all.sets[s].words);
        word += all.sets[s].words;
    }
    of_docs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)total * 4);
    edges = malloc(sizeof(int64_t) * 2 * (size_t)(all.count + 1));
    if (!of_docs || !edges) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        goto done;
    }
    uint32_t *out = (uint32_t *)PyByteArray_AsString(of_docs);
    int64_t at = 0, here = 0;
    PyThreadState *others = let_others(total);
    word = all.stretches;
    for (Py_ssize_t s = 0; here >= 0 && s < all.count; s++) {
        int64_t *edge = edges + 2 * s;
        if (all.sets[s].words == 1) {
            edge[0] = word->at;
            edge[1] = word->end;
        } else {
            here = in_any(word, all.sets[s].words, (uint32_t)count, &postings.docs, a[0].data,
                          out + at);
            edge[0] = at;
            at += here > 0 ? here : 0;
            edge[1] = at;
        }
        word += all.sets[s].words;
    }
    go_on(others);
    if (here < 0)
        altered();
    else if ((of_sets = numbers(edges, 2 * all.count)))
        found = PyTuple_Pack(2, of_docs, of_sets);
done:
    free(edges);
    Py_XDECREF(of_docs);
    Py_XDECREF(of_sets);
    sets_drop(&all);
drop:
    arrays_drop(a, 1);
    return found;
}

/* gather_in(ids, weights, postings, wanted) -> for each of some documents (uint32,
ascending) the sum of weight × frequency of some words (float32), as bytes. */
static PyObject *gather_in(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[3];
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    PyObject *arrays[3] = {args[0], args[1], args[3]};
    if (!postings_held(&postings, args[2]) || arrays_take(a, arrays, 3, "i8 f8 u4") < 0)
        return NULL;
    const Py_ssize_t count = a[2].length;
    PyObject *found = PyByteArray_FromStringAndSize(NULL, count * 4);
    double *sums = calloc((size_t)count + 1, sizeof(double));
    if (found && sums) {
        PyThreadState *others = let_others((int64_t)a[0].length * count);
        const Words words = {a[0].data, a[1].data, a[0].length, &postings, NULL};
        const int right =
            a[1].length == a[0].length && add_words(sums, a[2].data, count, &words);
        float *out = (float *)PyByteArray_AsString(found);
        for (Py_ssize_t n = 0; n < count; n++)
            out[n] = (float)sums[n];
        go_on(others);
        if (!right) {
            Py_CLEAR(found);
            altered();
        }
    } else {
        Py_CLEAR(found);
        if (!PyErr_Occurred())
            PyErr_NoMemory();
    }
    free(sums);
    arrays_drop(a, 3);
    return found;
}
