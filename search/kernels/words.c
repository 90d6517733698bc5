/* Queries of words alone, from the words to the best documents of all segments: the twin of what
`look_up`, `alternatives` and `joined` do for one segment after another, by what gather.c, joined.c
and rank.c do for these. */

/* The arrays of a segment as they are held: of each of two fields, and of the documents. */
#define SEGMENT "u* u4 u* f4 u* u4 u* f4 u4 u1"
enum { OFFSETS, DOCS, FREQS, NORMS, OF_FIELD };
enum { CODES = 2 * OF_FIELD, GONE, OF_SEGMENT };

/* The documents of a window that were found so far, each once. */
typedef struct {
    uint32_t base, size;
    int64_t count;
    uint16_t places[WINDOW_SCORED + 1];
    uint8_t marks[WINDOW_SCORED];
} Places;

/* What is worked on: a sum and a bit for each document. */
typedef struct {
    double *sums;
    uint64_t *bits;
    int64_t room; /* for so many documents */
    Places *places;
} Workplace;

/* So many documents of each word are on their way before they are read, of which a line of the
cache has so many. */
#define AHEAD 64
#define A_LINE 16

/* A set of words in all segments: how often they stand there adds to scores. */
typedef struct {
    PyObject *variants; /* for each segment; borrowed */
    Py_ssize_t field, extent;
    int main; /* whether its documents are hits; else it adds to those of the set before it */
    int64_t frequency;
} Asked;

/* A query while it is run. */
typedef struct {
    const Held *held;
    Py_ssize_t count; /* sets */
    int all;          /* whether documents must be in all sets whose documents are hits */
    Asked *asked;
    /* Of each set in each segment, segment by segment: */
    Find *finds;
    Array (*words)[2]; /* ids and weights of the set, held */
    void **rooms;      /* what was gathered */
    Py_ssize_t taken;  /* so many of them */
} Query;

static void query_drop(Query *query)
{
    for (Py_ssize_t n = 0; n < query->taken; n++) {
        arrays_drop(query->words[n], 2);
        free(query->rooms[n]);
    }
    free(query->asked);
    free(query->finds);
    free(query->words);
    free(query->rooms);
}

/* Takes a list of sets; gives -1 with an exception set. */
static int query_take(Query *query, PyObject *list)
{
    if (!PyList_Check(list) || query->held->width != OF_SEGMENT) {
        PyErr_SetString(PyExc_TypeError, "sets come in a list");
        return -1;
    }
    query->count = PyList_Size(list);
    const size_t all = (size_t)(query->count * query->held->count + 1);
    query->asked = malloc(sizeof(Asked) * (size_t)(query->count + 1));
    query->finds = malloc(sizeof(Find) * all);
    query->words = malloc(sizeof(*query->words) * all);
    query->rooms = malloc(sizeof(void *) * all);
    if (!query->asked || !query->finds || !query->words || !query->rooms) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t n = 0; n < query->count; n++) {
        PyObject *tuple = PyList_GetItem(list, n);
        if (!PyTuple_Check(tuple) || PyTuple_Size(tuple) != 4) {
            PyErr_SetString(PyExc_TypeError, "a set is a tuple of four");
            return -1;
        }
        Asked *asked = &query->asked[n];
        *asked = (Asked){PyTuple_GetItem(tuple, 0), PyLong_AsSsize_t(PyTuple_GetItem(tuple, 1)),
                         PyLong_AsSsize_t(PyTuple_GetItem(tuple, 2)),
                         PyObject_IsTrue(PyTuple_GetItem(tuple, 3)), 0};
        if (PyErr_Occurred())
            return -1;
        if (asked->field < 0 || asked->field > 1 || asked->extent < 0 || asked->extent > 2 ||
            (n == 0 && !asked->main) || !PyList_Check(asked->variants) ||
            PyList_Size(asked->variants) != query->held->count) {
            PyErr_SetString(PyExc_TypeError, "a set is of words of each segment");
            return -1;
        }
    }
    return 0;
}

/* Takes hold of the words of a set in a segment, a tuple (ids, weights, layers, exact, matching), and
tells how many of the first are meant and how many of them match; gives -1 with an exception set. */
static int words_take(Array *words, PyObject *tuple, Py_ssize_t extent, int64_t *meant,
                      int64_t *matching)
{
    PyObject *parts[2];
    if (!tuple || !PyTuple_Check(tuple) || PyTuple_Size(tuple) != 5) {
        PyErr_SetString(PyExc_TypeError, "the words of a segment are a tuple of five");
        return -1;
    }
    for (int n = 0; n < 2; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    const int64_t exact = PyLong_AsLongLong(PyTuple_GetItem(tuple, 3));
    *matching = PyLong_AsLongLong(PyTuple_GetItem(tuple, 4));
    if (PyErr_Occurred() || arrays_take(words, parts, 2, "i8 f8") < 0)
        return -1;
    const int64_t sizes[] = {words[0].length, *matching, exact};
    *meant = sizes[extent];
    if (words[1].length != sizes[0] || *matching < 0 || *matching > sizes[0] || exact < 0 ||
        exact > sizes[0]) {
        arrays_drop(words, 2);
        PyErr_SetString(PyExc_TypeError, "a set has fewer words than it says");
        return -1;
    }
    *matching = *matching < *meant ? *matching : *meant;
    return 0;
}

/* The postings of one word, which are not copied. */
static void find_stretch(Find *find, const Array *table, Stretch word)
{
    find->docs = (const uint32_t *)table[DOCS].data + word.at;
    find->freqs = table[FREQS];
    find->freqs.data = (char *)table[FREQS].data + word.at * table[FREQS].size;
    find->freqs.length = find->length = word.end - word.at;
}

/* Adds up weight × frequency of the postings of a word in a window. No step depends on whether a
document was found before: the processor would guess it wrong too often. */
#define SEE(TYPE)                                                                                  \
    for (; at < end; at++) {                                                                       \
        const uint32_t place = docs[at] - base;                                                    \
        if (place >= size)                                                                         \
            break;                                                                                 \
        sums[place] += weight * ((const TYPE *)freqs->data)[at];                                   \
        places[count] = (uint16_t)place;                                                           \
        count += !marks[place];                                                                    \
        marks[place] = 1;                                                                          \
    }                                                                                              \
    break;

static void places_see(Places *found, double *sums, const uint32_t *docs, const Array *freqs,
                       Stretch *word, double weight)
{
    const uint32_t base = found->base, size = found->size;
    uint16_t *places = found->places;
    uint8_t *marks = found->marks;
    int64_t count = found->count, at = word->at;
    const int64_t end = word->end;
    switch (freqs->size) {
    case 1:
        SEE(uint8_t)
    case 2:
        SEE(uint16_t)
    case 4:
        SEE(uint32_t)
    default:
        SEE(uint64_t)
    }
    word->at = at;
    found->count = count;
}

/* Takes the documents from one place on. */
static void places_take(Places *found, int64_t from, double *sums, Listed *listed)
{
    uint32_t *docs = listed->docs + listed->count;
    float *of_docs = listed->sums + listed->count;
    for (int64_t n = from; n < found->count; n++) {
        const uint16_t place = found->places[n];
        *docs++ = found->base + place;
        *of_docs++ = (float)sums[place];
        sums[place] = 0;
        found->marks[place] = 0;
    }
    listed->count += found->count - from;
}

/* Reads the postings of a set as `read_set` does, but that documents ascend only from one window to
the next, which is enough for `see_any`. Gives 0 where the file is wrong. */
static int read_windows(Stretch *words, const double *weights, int64_t length, int64_t matching,
                        uint32_t count, const uint32_t *docs, const Array *freqs, double *sums,
                        Places *found, Listed *matched, Listed *others)
{
    uint32_t next = 0;
    found->base = 0;
    do {
        found->size = WINDOW_SCORED < count - found->base ? WINDOW_SCORED : count - found->base;
        found->count = 0;
        int64_t core = 0;
        next = UINT32_MAX;
        for (int64_t n = 0; n < length; n++) {
            Stretch *word = &words[n];
            if (word->at < word->end)
                places_see(found, sums, docs, freqs, word, weights[n]);
            if (word->at < word->end && docs[word->at] < next)
                next = docs[word->at];
            core = n < matching ? found->count : core;
        }
        places_take(found, core, sums, others);
        found->count = core;
        places_take(found, 0, sums, matched);
        if (next < found->base + found->size || (next >= count && next != UINT32_MAX))
            return 0; /* they do not ascend, or there is no such document */
        found->base = next / WINDOW_SCORED * WINDOW_SCORED;
    } while (next != UINT32_MAX);
    return 1;
}

/* Gathers the postings of a set of several words; gives 0 where the file is wrong, -1 with an
exception set. room: is given what must be freed. */
static int find_gather(Find *find, const Array *table, Stretch *words, const double *weights,
                       int64_t length, int64_t matching, uint32_t count, const Workplace *place,
                       void **room)
{
    const int64_t core = length_of(words, matching);
    const int64_t total = core + length_of(words + matching, length - matching);
    uint32_t *docs = *room = malloc((size_t)total * 8 + 1);
    if (!docs) {
        PyErr_NoMemory();
        return -1;
    }
    float *sums = (float *)(docs + total);
    /* Those that match are no more than their postings, and the others come behind. */
    Listed matched = {docs, sums, 0}, others = {docs + core, sums + core, 0};
    PyThreadState *threads = let_others(total);
    const int right =
        read_windows(words, weights, length, matching, count, table[DOCS].data, &table[FREQS],
                     place->sums, place->places, &matched, &others);
    memmove(docs + matched.count, others.docs, (size_t)others.count * 4);
    memmove(sums + matched.count, others.sums, (size_t)others.count * 4);
    go_on(threads);
    find->docs = docs;
    find->freqs = (Array){.data = sums, .size = 4, .kind = 'f'};
    find->freqs.length = find->length = matched.count + others.count;
    find->matching = matched.count;
    return right;
}

/* Of a set of several words only the documents that match; how often these hold them is read when it
is known which of them count. The answer is that of `find_gather`. */
static int find_unite(Find *find, const Array *table, Stretch *words, int64_t matching,
                      uint32_t count, const Workplace *place, void **room)
{
    find->deferred = 1;
    find->weight = 0;
    if (matching == 1) {
        find_stretch(find, table, words[0]);
        find->matching = find->length;
        return 1;
    }
    const int64_t total = length_of(words, matching);
    uint32_t *docs = *room = malloc((size_t)total * 4 + 1);
    if (!docs) {
        PyErr_NoMemory();
        return -1;
    }
    PyThreadState *threads = let_others(total);
    const int64_t found = in_any(words, matching, count, table[DOCS].data, place->bits, docs);
    go_on(threads);
    find->docs = docs;
    find->length = find->matching = found;
    return found >= 0;
}

/* Reads what a set finds in a segment; gives 0 where the file is wrong, -1 with an exception set. */
static int query_read(Query *query, Py_ssize_t segment, Py_ssize_t set, const Workplace *place)
{
    const Py_ssize_t at = segment * query->count + set;
    const Array *arrays = query->held->arrays + segment * OF_SEGMENT;
    Asked *asked = &query->asked[set];
    const Array *table = arrays + asked->field * OF_FIELD;
    const Py_ssize_t count = arrays[CODES].length, postings = table[DOCS].length;
    Find *find = &query->finds[at];
    Array *words = query->words[at];
    int64_t meant, matching;
    if (words_take(words, PyList_GetItem(asked->variants, segment), asked->extent, &meant,
                   &matching) < 0)
        return -1;
    memset(find, 0, sizeof *find);
    query->rooms[at] = NULL;
    query->taken++;
    if (!meant)
        return 1;
    if (table[FREQS].length != postings || table[NORMS].length != count ||
        (arrays[GONE].length && arrays[GONE].length != count))
        return 0;
    const int64_t *ids = words[0].data;
    Stretch one, *stretches = meant == 1 ? &one : malloc(sizeof(Stretch) * (size_t)meant);
    if (!stretches) {
        PyErr_NoMemory();
        return -1;
    }
    int right = 1;
    for (int64_t n = 0; n < meant; n++)
        prefetch(&table[OFFSETS], ids[n]);
    for (int64_t n = 0; right && n < meant; n++) {
        Stretch *word = &stretches[n];
        right = bounds_of(&table[OFFSETS], ids[n], postings, &word->at, &word->end);
        for (int64_t k = 0; right && k < AHEAD && k < word->end - word->at; k += A_LINE)
            prefetch(&table[DOCS], word->at + k);
        if (right)
            prefetch(&table[FREQS], word->at);
    }
    find->norms = table[NORMS].data;
    find->weight = 1;
    if (right <= 0) {
        /* nothing more is read */
    } else if (meant == 1) {
        find_stretch(find, table, one);
        find->weight = (float)*(const double *)words[1].data;
        find->matching = matching ? find->length : 0;
    } else if (count > place->room) {
        PyErr_SetString(PyExc_TypeError, "there is not a sum for each document");
        right = -1;
    } else if (query->all) {
        find->words = (Words){ids, words[1].data, meant, &table[OFFSETS], &table[DOCS],
                              &table[FREQS]};
        /* Where all sets are asked for, each document that counts is in those whose are hits. */
        find->complete = !asked->main && meant == matching;
        right = find_unite(find, table, stretches, matching, (uint32_t)count, place,
                           &query->rooms[at]);
    } else {
        right = find_gather(find, table, stretches, words[1].data, meant, matching,
                            (uint32_t)count, place, &query->rooms[at]);
    }
    if (stretches != &one)
        free(stretches);
    asked->frequency += find->matching;
    return right;
}

/* Asks what each set is worth, now that it is known how many documents it finds; gives -1 with an
exception set. */
static int query_price(Query *query, PyObject *price)
{
    PyObject *frequencies = PyList_New(query->count), *factors = NULL;
    for (Py_ssize_t n = 0; frequencies && n < query->count; n++) {
        PyObject *each = PyLong_FromLongLong(query->asked[n].frequency);
        if (each)
            PyList_SetItem(frequencies, n, each);
        else
            Py_CLEAR(frequencies);
    }
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

/* What adds to scores in a segment: gathers the finds at the beginning of the segment's, and tells
which of them are hits, and how many there are; 0 where nothing can match. */
static Py_ssize_t query_finds(Query *query, Py_ssize_t segment, uint8_t *mains)
{
    Find *finds = query->finds + segment * query->count;
    Py_ssize_t kept = 0;
    int there = 0;
    for (Py_ssize_t n = 0; n < query->count; n++) {
        const int main = query->asked[n].main;
        there = main ? finds[n].length > 0 : there;
        if (main && query->all && !finds[n].matching)
            return 0;
        if (!there || !(finds[n].length || finds[n].deferred))
            continue;
        finds[kept] = finds[n];
        mains[kept++] = (uint8_t)main;
    }
    return kept;
}

/* Ranks the documents of a segment; gives 0 where the file is wrong, -1 with an exception set. */
static int query_rank(Query *query, Py_ssize_t segment, Tally *tally, int64_t limit,
                      Window *window, void *room, uint8_t *mains)
{
    const Array *arrays = query->held->arrays + segment * OF_SEGMENT;
    const Find *finds = query->finds + segment * query->count;
    const Py_ssize_t length = query_finds(query, segment, mains);
    const int64_t count = arrays[CODES].length;
    int right;
    tally->gone = arrays[GONE].length ? arrays[GONE].data : NULL;
    if (!query->all) {
        if (best_begin(&tally->best, limit, count, arrays[CODES].data) < 0)
            return -1;
        PyThreadState *threads = let_others_for(finds, length);
        right = see_any(tally, window, finds, mains, length, (uint32_t)count, room);
        go_on(threads);
        return right;
    }
    List *lists = room;
    Py_ssize_t wanted = 0;
    int64_t shortest = 0;
    for (Py_ssize_t n = 0; n < length; n++)
        if (mains[n]) {
            shortest = wanted && shortest < finds[n].matching ? shortest : finds[n].matching;
            lists[wanted++] = (List){finds[n].docs, 0, finds[n].matching};
        }
    if (best_begin(&tally->best, limit, shortest, arrays[CODES].data) < 0)
        return -1;
    if (!length)
        return 1;
    void *few = malloc(room_for(shortest));
    if (!few) {
        PyErr_NoMemory();
        return -1;
    }
    PyThreadState *threads = let_others(shortest * (wanted + length) * 4);
    right = see_in_all(&tally->best, lists, wanted, finds, length, shortest, few, tally->gone,
                       count, &tally->matching);
    go_on(threads);
    free(few);
    return right;
}

/* rank_words(segments, sets, all, price, sums, bits, limit)
-> (list of (number, document, score), how many match, how many do not)

The best documents of each segment for sets of words, segment by segment.

segments: held arrays (SEGMENT), of each segment: offsets, documents, frequencies and norms of the
text, those of the title, the codes of the documents' ids, and which are deleted, if any is.
sets: each (Variants of each segment, 0 or 1 for text or title, Extent, whether its documents are hits;
those of the others, which are hits of the set before them, only add to these).
all: whether documents must be in all of the sets whose documents are hits, or in any.
price: is asked once what sets are worth that so many documents hold (lists of numbers).
sums, bits: to work in, 0 everywhere before and after; one for each document. */
static PyObject *rank_words(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed");
        return NULL;
    }
    Query query = {.held = held_of(args[0], SEGMENT), .all = PyObject_IsTrue(args[2])};
    const long long limit = PyLong_AsLongLong(args[6]);
    Array a[2];
    if (!query.held || PyErr_Occurred() || arrays_take(a, args + 4, 2, "=f8 =u8") < 0)
        return NULL;
    const int64_t bits = a[1].length * 64;
    Places *places = malloc(sizeof *places);
    if (!places) {
        PyErr_NoMemory();
        arrays_drop(a, 2);
        return NULL;
    }
    memset(places->marks, 0, sizeof places->marks);
    const Workplace place = {a[0].data, a[1].data, a[0].length < bits ? a[0].length : bits,
                             places};
    PyObject *hits = NULL, *answer = NULL;
    Tally tally = {.gone = NULL};
    Window window;
    void *room = NULL;
    uint8_t *mains = NULL;
    int right = query_take(&query, args[1]) < 0 ? -1 : 1;
    for (Py_ssize_t s = 0; right > 0 && s < query.held->count; s++)
        for (Py_ssize_t n = 0; right > 0 && n < query.count; n++)
            right = query_read(&query, s, n, &place);
    if (right <= 0 || query_price(&query, args[3]) < 0)
        goto done;
    if (!query.all)
        memset(&window, 0, sizeof window);
    room = malloc((sizeof(Reached) + sizeof(List)) * (size_t)(query.count + 1));
    mains = malloc((size_t)query.count + 1);
    hits = room && mains ? PyList_New(0) : PyErr_NoMemory();
    for (Py_ssize_t s = 0; hits && right > 0 && s < query.held->count; s++) {
        right = query_rank(&query, s, &tally, limit, &window, room, mains);
        if (right > 0) {
            PyObject *own = best_list(&tally.best, s);
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
    free(room);
    free(mains);
    free(places);
    query_drop(&query);
    arrays_drop(a, 2);
    return answer;
}
