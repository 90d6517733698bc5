/* Words that share 3-grams with a word: the twin of `_every_word` and `_most_alike` in
search/similar.py. */

#include "common.h"
#include <math.h>

/* So many words are counted at a time: their counters stay in the nearest caches. */
#define COUNTED (1 << 15)
/* Of each list so many lines of memory, of so many words each, are asked for before they are read. */
#define LINES 8
#define LINE 16
/* What rounding may do to a sum; the likeness of a word itself is compared exactly. */
#define ROUNDING 1e-9

typedef struct {
    int64_t start, end;
} GramList;

/* One segment: its arrays, and the words of each gram that is asked for, the shortest list first. */
typedef struct {
    const Array *a; /* table, starts, words, sizes, identities */
    int64_t base;   /* what is added to the numbers of its words */
    GramList *lists;
    int64_t count;
} Grams;

typedef struct {
    double like;
    uint64_t identity;
} Like;

/* The most alike of the different words so far, the best first, and the least likeness that a word
must have to be among them; with no room all are wanted that have that. */
typedef struct {
    Like *kept;
    int64_t count, room;
    double floor;
} Most;

/* A word that was found, as it is given back. */
typedef struct {
    int64_t word;
    Like like;
} Alike;

typedef struct {
    double asked; /* grams */
    uint16_t *counts; /* of the words of a window, each more by `nothing` than it was seen; */
    int64_t nothing;  /* what is less is of a window before it */
    uint32_t *some;
    Most most;
    int64_t considered; /* of those that were found */
} Search;

static int before(Like one, Like other)
{
    return one.like > other.like || (one.like == other.like && one.identity < other.identity);
}

static void consider(Most *most, Like like)
{
    int64_t low = 0, high = most->count;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (before(most->kept[middle], like))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == most->room)
        return;
    Like *at = most->kept + low;
    if (low < most->count && at->like == like.like && at->identity == like.identity)
        return; /* the same word in another segment */
    if (most->count < most->room)
        most->count++;
    memmove(at + 1, at, (size_t)(most->count - low - 1) * sizeof *at);
    *at = like;
    if (most->count == most->room && most->kept[most->room - 1].like > most->floor)
        most->floor = most->kept[most->room - 1].like;
}


/* The first of some ascending codes that is not before each of a few. */
static void first_codes(const Array *table, const uint64_t *wanted, int64_t count, int64_t *places)
{
    const uint64_t *known = table->data;
    memset(places, 0, TOGETHER * sizeof *places);
    if (!table->length)
        return;
    /* All are halved in step, and none is branched on. */
    for (int64_t left = table->length; left > 1; left -= left / 2)
        for (int64_t n = 0; n < count; n++)
            places[n] += known[places[n] + left / 2 - 1] < wanted[n] ? left / 2 : 0;
    for (int64_t n = 0; n < count; n++)
        places[n] += known[places[n]] < wanted[n];
}

/* Finds the lists of some grams, of equally long ones the first asked for first; 0 where the file
is wrong. */
static int find_lists(Grams *grams, const Array *codes)
{
    const Array *table = &grams->a[0];
    const uint64_t *known = table->data, *wanted = codes->data;
    grams->count = 0;
    int64_t places[TOGETHER];
    for (Py_ssize_t n = 0; n < codes->length; n++) {
        if (n % TOGETHER == 0) {
            const int64_t rest = codes->length - n, some = rest < TOGETHER ? rest : TOGETHER;
            first_codes(table, wanted + n, some, places);
            for (int64_t k = 0; k < some; k++)
                prefetch(&grams->a[1], places[k]);
        }
        const int64_t place = places[n % TOGETHER];
        if (place == table->length || known[place] != wanted[n])
            continue;
        GramList one;
        if (!bounds_of(&grams->a[1], place, grams->a[2].length, &one.start, &one.end))
            return 0;
        for (int64_t line = 0; line < LINES; line++)
            prefetch(&grams->a[2], one.start + line * LINE);
        if (reading_ahead && one.start < one.end)
            ask_for((const char *)grams->a[2].data + one.start * grams->a[2].size,
                    (size_t)((one.end - one.start) * grams->a[2].size));
        GramList *lists = grams->lists;
        int64_t at = grams->count++;
        for (; at && lists[at - 1].end - lists[at - 1].start > one.end - one.start; at--)
            lists[at] = lists[at - 1];
        lists[at] = one;
    }
    return 1;
}

static int ascending(const void *one, const void *other)
{
    const uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

/* Puts words in order, of which there are few as a rule. */
static void put_few_in_order(uint32_t *words, int64_t count)
{
    if (count > 32) {
        qsort(words, (size_t)count, sizeof *words, ascending);
        return;
    }
    for (int64_t n = 1; n < count; n++) {
        const uint32_t word = words[n];
        int64_t at = n;
        for (; at && words[at - 1] > word; at--)
            words[at] = words[at - 1];
        words[at] = word;
    }
}

/* The first place from `at` on, before `end`, whose word is not before one: as `seek`, but by longer
steps first and halves without a branch, as these words are far apart. */
static int64_t from(const uint32_t *words, int64_t at, int64_t end, uint32_t word)
{
    int64_t step = LINE;
    while (at + step < end && words[at + step - 1] < word) {
        at += step;
        step *= 2;
    }
    int64_t left = at + step < end ? step : end - at;
    for (; left > 1; left -= left / 2)
        at += words[at + left / 2 - 1] < word ? left / 2 : 0;
    return at + (left && words[at] < word);
}

static int64_t count_of(const Growing *found)
{
    return (int64_t)(found->used / sizeof(Alike));
}

/* Considers what was found of a segment since this was last done: the identities were asked for, and
are there by now. */
static void consider_all(Search *search, const Grams *grams, Growing *found)
{
    Alike *all = (Alike *)found->data;
    const uint64_t *identities = grams->a[4].data;
    for (; search->considered < count_of(found); search->considered++) {
        Alike *one = all + search->considered;
        one->like.identity = identities[one->word - grams->base];
        if (search->most.room && one->like.like >= search->most.floor)
            consider(&search->most, one->like);
    }
}

/* Finds the words of a segment that are alike enough; 0 where the file is wrong. */
static int look_through(Search *search, const Grams *grams, Growing *found)
{
    GramList *lists = grams->lists;
    const uint32_t *words = grams->a[2].data;
    const uint8_t *sizes = grams->a[3].data;
    const int64_t known = grams->a[3].length;
    uint16_t *counts = search->counts;
    for (;;) {
        search->nothing += grams->count;
        if (search->nothing + grams->count > UINT16_MAX) {
            memset(counts, 0, COUNTED * sizeof *counts);
            search->nothing = 0;
        }
        const uint16_t nothing = (uint16_t)search->nothing;
        /* A word of m grams that shares s of our n is alike by 2s / (n + m), and m is at least s. */
        const double floor = search->most.floor;
        int64_t least = (int64_t)ceil(floor * search->asked / (2 - floor) - ROUNDING);
        least = least < 1 ? 1 : least;
        if (grams->count < least)
            return 1;
        /* The longest lists are left for the end: a word that has `least` grams has `enough` of
        them in the other lists. */
        const int64_t enough = least > 2 ? 2 : least, merged = grams->count - least + enough;
        /* The next words that any list has; lists are short where words are few. */
        int64_t base = INT64_MAX;
        for (int64_t k = 0; k < merged; k++)
            if (lists[k].start < lists[k].end && words[lists[k].start] < base)
                base = words[lists[k].start];
        if (base == INT64_MAX)
            return 1;
        if (base >= known)
            return 0; /* no word */
        const uint32_t window = (uint32_t)(known - base < COUNTED ? known - base : COUNTED);
        const uint16_t often = (uint16_t)(nothing + enough - 1);
        for (int64_t k = merged; k < grams->count; k++)
            for (int64_t line = 0; line < 2 * LINES; line++)
                prefetch(&grams->a[2], lists[k].start + line * LINE);
        int64_t some = 0, fetched = 0;
        for (int64_t k = 0; k < merged; k++) {
            const uint32_t *const first = words + lists[k].start, *const last = words + lists[k].end;
            const uint32_t *next = first;
            uint32_t own, lowest = 0; /* places in the window */
            for (; next < last && (own = *next - (uint32_t)base) < window && own >= lowest; next++) {
                /* Which words are seen often enough cannot be foretold: none is branched on. */
                const uint16_t count = counts[own] > nothing ? counts[own] : nothing;
                counts[own] = (uint16_t)(count + 1);
                search->some[some] = own;
                some += count == often;
                lowest = own + 1;
            }
            if (first < next && next < last && *next <= next[-1])
                return 0; /* not in order */
            lists[k].start = next - words;
            for (; fetched < some; fetched++)
                prefetch_from(sizes + base + search->some[fetched]);
            /* The next window is looked at once the other lists are through. */
            for (int64_t line = 0; line < LINES; line++)
                prefetch_from(next + line * LINE);
        }
        /* Those that have too many other grams are most. */
        int64_t left = 0;
        for (int64_t n = 0; n < some; n++) {
            const uint32_t own = search->some[n];
            const double hoped = 2.0 * (double)(counts[own] - nothing + grams->count - merged);
            search->some[left] = own;
            left += hoped >= floor * (sizes[base + own] + search->asked) - ROUNDING;
        }
        put_few_in_order(search->some, left);
        for (int64_t n = 0; n < left; n++) {
            const int64_t word = base + search->some[n];
            const double size = sizes[word] + search->asked;
            int64_t shared = counts[search->some[n]] - nothing, k = merged;
            /* In the shorter ones it is the sooner known that a word is not there. */
            for (; k < grams->count; k++) {
                const double hoped = 2.0 * (double)(shared + grams->count - k);
                if (hoped < search->most.floor * size - ROUNDING)
                    break;
                lists[k].start = from(words, lists[k].start, lists[k].end, (uint32_t)word);
                shared += lists[k].start < lists[k].end && words[lists[k].start] == word;
            }
            const double like = 2.0 * (double)shared / size;
            if (k < grams->count || like < search->most.floor)
                continue;
            Alike *one = grow(found, sizeof *one);
            if (!one)
                return 1;
            *one = (Alike){grams->base + word, {like, 0}};
            prefetch(&grams->a[4], word);
        }
        if (count_of(found) - search->considered >= TOGETHER)
            consider_all(search, grams, found);
    }
}

/* What was found, as (words, likeness): their numbers (int64) and how much each is alike (float64). */
static PyObject *those_wanted(const Growing *found, const Most *most)
{
    const Alike *all = (const Alike *)found->data;
    const int64_t count = count_of(found);
    const int full = most->room && most->count == most->room;
    const Like last = full ? most->kept[most->room - 1] : (Like){0, 0};
    int64_t wanted = 0;
    for (int64_t n = 0; n < count; n++)
        wanted += !full || !before(last, all[n].like);
    PyObject *words = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)wanted * 8);
    PyObject *likeness = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)wanted * 8);
    PyObject *result = NULL;
    if (words && likeness) {
        int64_t *word = (int64_t *)PyByteArray_AsString(words);
        double *like = (double *)PyByteArray_AsString(likeness);
        for (int64_t n = 0; n < count; n++)
            if (!full || !before(last, all[n].like)) {
                *word++ = all[n].word;
                *like++ = all[n].like.like;
            }
        result = PyTuple_Pack(2, words, likeness);
    }
    Py_XDECREF(words);
    Py_XDECREF(likeness);
    return result;
}

/* alike(segments, bases, codes, floor, most) -> the words whose 3-grams are alike to some by a
floor, as `those_wanted` gives them, in the order of the segments and of the words. Of different
words only the `most` that are most alike, and of equal ones those of the smallest identities; 0 for
all.

segments: held for each, the known grams; where the words of each begin; these words; how many grams
each word has; the identity of each. bases: what is added to the numbers of the words of each. */
static PyObject *alike(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 5) {
        PyErr_SetString(PyExc_TypeError, "segments, two arrays and two numbers are needed");
        return NULL;
    }
    const double floor = PyFloat_AsDouble(args[3]);
    const long long room = PyLong_AsLongLong(args[4]);
    const Held *held = held_of(args[0], "u8 u* u4 u1 u8");
    Array a[2];
    if (PyErr_Occurred() || !held || arrays_take(a, args + 1, 2, "i8 u8") < 0)
        return NULL;
    const Py_ssize_t segments = held->count, asked = a[1].length;
    if (asked > UINT16_MAX || room < 0 || room > UINT16_MAX || segments > a[0].length) {
        arrays_drop(a, 2);
        PyErr_SetString(PyExc_ValueError, "too many 3-grams, words or segments are asked for");
        return NULL;
    }
    PyObject *result = NULL;
    Growing found = {0};
    Grams *grams = PyMem_Malloc((size_t)(segments + 1) * sizeof *grams);
    GramList *lists = PyMem_Malloc((size_t)(segments * asked + 1) * sizeof *lists);
    Search search = {(double)asked, PyMem_Calloc(COUNTED, sizeof(uint16_t)), 0,
                     PyMem_Malloc((COUNTED + 1) * sizeof(uint32_t)),
                     {PyMem_Malloc((size_t)(room + 1) * sizeof(Like)), 0, room, floor}, 0};
    if (!grams || !lists || !search.counts || !search.some || !search.most.kept) {
        PyErr_NoMemory();
        goto done;
    }
    int right = 1;
    int64_t work = 0;
    for (Py_ssize_t n = 0; right && n < segments; n++) {
        grams[n].a = held->arrays + n * held->width;
        grams[n].base = ((const int64_t *)a[0].data)[n];
        grams[n].lists = lists + n * asked;
        right = grams[n].a[4].length >= grams[n].a[3].length && find_lists(grams + n, &a[1]);
        for (int64_t k = 0; right && k < grams[n].count; k++)
            work += grams[n].lists[k].end - grams[n].lists[k].start;
    }
    PyThreadState *others = let_others(work);
    for (Py_ssize_t n = 0; right && !found.failed && n < segments; n++) {
        right = look_through(&search, grams + n, &found);
        consider_all(&search, grams + n, &found);
    }
    go_on(others);
    if (!right)
        PyErr_SetString(PyExc_IndexError, "the words of a 3-gram are not within the lexicon");
    else if (found.failed)
        PyErr_NoMemory();
    else
        result = those_wanted(&found, &search.most);
done:
    arrays_drop(a, 2);
    PyMem_Free(grams);
    PyMem_Free(lists);
    PyMem_Free(search.counts);
    PyMem_Free(search.some);
    PyMem_Free(search.most.kept);
    free(found.data);
    return result;
}
