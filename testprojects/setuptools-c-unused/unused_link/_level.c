#include <Python.h>
#include <zlib.h>

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "unused_link._level", NULL, -1, NULL};

PyMODINIT_FUNC
PyInit__level(void)
{
    PyObject *module = PyModule_Create(&definition);

    if (module != NULL && PyModule_AddIntConstant(module, "BEST", Z_BEST_COMPRESSION) < 0)
        Py_CLEAR(module);
    return module;
}
