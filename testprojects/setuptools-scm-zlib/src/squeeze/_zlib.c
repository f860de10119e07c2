#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <zlib.h>

static PyObject *
checksum(PyObject *module, PyObject *arguments)
{
    const char *bytes;
    Py_ssize_t length;

    if (!PyArg_ParseTuple(arguments, "y#", &bytes, &length))
        return NULL;
    return PyLong_FromUnsignedLong(crc32(crc32(0L, Z_NULL, 0), (const Bytef *)bytes, (uInt)length));
}

static PyObject *
version(PyObject *module, PyObject *unused)
{
    return PyUnicode_FromString(zlibVersion());
}

static PyMethodDef methods[] = {
    {"checksum", checksum, METH_VARARGS, "CRC-32 of some bytes."},
    {"zlib_version", version, METH_NOARGS, "The version of the zlib that is loaded."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "squeeze._zlib", NULL, -1, methods};

PyMODINIT_FUNC
PyInit__zlib(void)
{
    return PyModule_Create(&definition);
}
