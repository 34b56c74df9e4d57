/** The operators of ONNX by the tensor library's own operations, and recorded inputs and outputs of them. */
package org.kolotoc.tck.onnx;
