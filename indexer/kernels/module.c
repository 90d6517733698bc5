/* fihris.indexer._kernels: compiled twins of loops over arrays. What each does is said in Python,
beside the numpy code that does the same where no compiler was at hand. */

#include "fitting.c"
#include "hashing.c"
#include "inverting.c"
#include "lexicon.c"
#include "numbering.c"
#include "packed.c"
#include "patterns.c"
#include "reading.c"
#include "sorting.c"
#include "stretches.c"

static PyMethodDef methods[] = {
    {"cut", (PyCFunction)(void (*)(void))cut, METH_FASTCALL, NULL},
    {"fit", (PyCFunction)(void (*)(void))fit, METH_FASTCALL, NULL},
    {"fitting", (PyCFunction)(void (*)(void))fitting, METH_FASTCALL, NULL},
    {"gather", (PyCFunction)(void (*)(void))gather, METH_FASTCALL, NULL},
    {"hash_of", (PyCFunction)(void (*)(void))hash_of, METH_FASTCALL, NULL},
    {"having", (PyCFunction)(void (*)(void))having, METH_FASTCALL, NULL},
    {"hold", (PyCFunction)(void (*)(void))hold, METH_FASTCALL, NULL},
    {"holds", (PyCFunction)(void (*)(void))holds, METH_FASTCALL, NULL},
    {"invert", (PyCFunction)(void (*)(void))invert, METH_FASTCALL, NULL},
    {"lay", (PyCFunction)(void (*)(void))lay, METH_FASTCALL, NULL},
    {"lay_out", (PyCFunction)(void (*)(void))lay_out, METH_FASTCALL, NULL},
    {"look", (PyCFunction)(void (*)(void))look, METH_FASTCALL, NULL},
    {"number", (PyCFunction)(void (*)(void))number, METH_FASTCALL, NULL},
    {"of_words", (PyCFunction)(void (*)(void))of_words, METH_FASTCALL, NULL},
    {"pick", (PyCFunction)(void (*)(void))pick, METH_FASTCALL, NULL},
    {"place", (PyCFunction)(void (*)(void))place, METH_FASTCALL, NULL},
    {"rank", (PyCFunction)(void (*)(void))rank, METH_FASTCALL, NULL},
    {"read_ahead", (PyCFunction)(void (*)(void))read_ahead, METH_FASTCALL, NULL},
    {"sort", (PyCFunction)(void (*)(void))sort, METH_FASTCALL, NULL},
    {"steps", (PyCFunction)(void (*)(void))steps, METH_FASTCALL, NULL},
    {"tally", (PyCFunction)(void (*)(void))tally, METH_FASTCALL, NULL},
    {"unpack", (PyCFunction)(void (*)(void))unpack, METH_FASTCALL, NULL},
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
