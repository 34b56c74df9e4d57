package org.kolotoc.backend.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

class KernelCacheTest {
    /** The fused kernels of a program. */
    private static List<Launch.Fused> kernels(Consumer<Tracer> program) {
        Tracer tracer = new Tracer();
        program.accept(tracer);
        List<Launch.Fused> kernels = new ArrayList<>();
        for (Launch launch : Compiler.compile(tracer.program()).launches()) {
            if (launch instanceof Launch.Fused fused) {
                kernels.add(fused);
            }
        }
        return kernels;
    }

    private static Launch.Fused chain(int length) {
        return kernels(t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(40));
                    for (int i = 0; i < length; i++) {
                        x = x.neg().add(1);
                    }
                    t.output("y", x);
                })
                .getFirst();
    }

    /** An update by momentum, with dropout. */
    private static Launch.Fused update(int rows, int width, double rate, double epsilon, int whole, int stream) {
        List<Launch.Fused> kernels = kernels(t -> {
            Tensor x = t.state("x", DType.F32, Shape.of(rows, width));
            Tensor kept = t.uniform(t.feed("key", DType.I32, Shape.of(2)), x.shape(), stream)
                    .lt(t.constant(rate).broadcast(x.shape()));
            Tensor scaled = x.mul(rate).div(x.mul(x).add(epsilon).sqrt());
            Tensor index = t.iota(x.shape(), 1).lt(t.constant(whole, DType.I32).broadcast(x.shape()));
            t.update(x, kept.and(index).select(scaled, x));
        });
        assertEquals(1, kernels.size());
        return kernels.getFirst();
    }

    @Test
    void whatDiffersInSizesAndConstantsIsOneKernel() {
        KernelCache cache = new KernelCache(10);
        KernelClass kernel = cache.of(update(8, 48, 0.5, 1e-8, 3, 1));
        assertSame(kernel, cache.of(update(8, 48, 0.25, 1e-8, 3, 1)), "another rate");
        assertSame(kernel, cache.of(update(8, 48, 0.5, 1e-6, 3, 1)), "another epsilon");
        assertSame(kernel, cache.of(update(8, 48, 0.5, 1e-8, 17, 1)), "another whole number");
        assertSame(kernel, cache.of(update(8, 48, 0.5, 1e-8, 3, 2)), "another stream of random numbers");
        assertSame(kernel, cache.of(update(16, 64, 0.5, 1e-8, 3, 1)), "another size");
        assertNotSame(kernel, cache.of(update(8, 47, 0.5, 1e-8, 3, 1)), "a row that is no whole number of vectors");
    }

    /** Of any content, it is in no class file: the kernel is the one that reads a feed. */
    @Test
    void aLiteralIsDataAsIfItWereFed() {
        KernelCache cache = new KernelCache(10);
        float[] large = new float[200_000];
        large[7] = 3;
        KernelClass kernel = cache.of(sum(t -> t.constant(large, Shape.of(large.length))));
        large[8] = 4;
        assertSame(kernel, cache.of(sum(t -> t.constant(large, Shape.of(large.length)))), "other elements");
        assertSame(kernel, cache.of(sum(t -> t.feed("fed", DType.F32, Shape.of(large.length)))), "a feed");
    }

    private static Launch.Fused sum(Function<Tracer, Tensor> leaf) {
        return kernels(t -> {
                    Tensor x = leaf.apply(t);
                    t.output("y", x.add(t.feed("x", DType.F32, x.shape())));
                })
                .getFirst();
    }

    @Test
    void keepsThoseThatWereUsedLast() {
        KernelCache cache = new KernelCache(3);
        KernelClass first = cache.of(chain(1));
        KernelClass second = cache.of(chain(2));
        cache.of(chain(3));
        assertSame(first, cache.of(chain(1)));
        cache.of(chain(4));
        assertSame(first, cache.of(chain(1)), "used before the fourth came");
        assertNotSame(second, cache.of(chain(2)));
    }

    @Test
    void aClassThatFellOutIsUnloaded() throws InterruptedException {
        KernelCache cache = new KernelCache(2);
        WeakReference<Class<?>> gone =
                new WeakReference<>(cache.of(chain(5)).kernel().getClass());
        cache.of(chain(6));
        cache.of(chain(7));
        for (int i = 0; gone.get() != null && i < 50; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(gone.get());
    }

    @Test
    void programsOfAProcessShareKernels() {
        assertSame(
                KernelCode.of(update(8, 48, 0.5, 1e-8, 3, 1)).kernel(),
                KernelCode.of(update(32, 96, 0.1, 1e-9, 5, 9)).kernel());
    }
}
