/* fihris.search._kernels: compiled twins of what searches do on arrays. What each does is said in
Python, beside the numpy code that does the same where no compiler was at hand. */

#include "alternatives.c"
#include "closeness.c"
#include "expected.c"
#include "facets.c"
#include "gather.c"
#include "grams.c"
#include "joined.c"
#include "letters.c"
#include "phrase.c"
#include "variants.c"
#include "wordqueries.c"

#define KERNEL(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    KERNEL(add_scores),
    KERNEL(alike),
    KERNEL(count_values),
    KERNEL(counted),
    KERNEL(expect),
    KERNEL(gather),
    KERNEL(gather_in),
    KERNEL(in_memory),
    KERNEL(intersect),
    KERNEL(letters),
    KERNEL(most_frequent),
    KERNEL(near),
    KERNEL(occurrences),
    KERNEL(pair_counts),
    KERNEL(phrase),
    KERNEL(placed_at_most),
    KERNEL(places),
    KERNEL(rank_all),
    KERNEL(rank_any),
    KERNEL(rank_few),
    KERNEL(rank_words),
    KERNEL(read_ahead),
    KERNEL(unite),
    KERNEL(variants),
    KERNEL(windows),
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", NULL, 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModuleDef_Init(&definition);
}
