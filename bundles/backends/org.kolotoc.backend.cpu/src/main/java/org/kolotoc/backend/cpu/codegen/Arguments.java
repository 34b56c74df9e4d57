package org.kolotoc.backend.cpu.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;

/**
 * The numbers that a generated kernel is given, and where each of them stands: the one order that both the code that reads
 * them and the caller who hands them over follow. Launches of equal {@link Structure} have equal orders.
 */
final class Arguments {
    /** A number in which launches of equal structure differ. Addresses and their strides are in bytes. */
    sealed interface Argument {
        /** The extent of an outer axis; that of the first is never asked for. */
        record Extent(int axis) implements Argument {}

        /** Where an access starts, or with which value an index does. */
        record Start(int instruction) implements Argument {}

        /** How far an outer axis moves an access or an index, unless it does not. */
        record OuterStride(int instruction, int axis) implements Argument {}

        /** How far the inner axis moves an access or an index, unless it is by 0 or 1. */
        record InnerStride(int instruction) implements Argument {}

        /** A constant of the program, as the bits of a float or an int: models that differ in it share code. */
        record Constant(int instruction) implements Argument {}
    }

    private final Map<Argument, Integer> places = new HashMap<>();
    private final List<Argument> order = new ArrayList<>();

    Arguments(Launch.Fused launch) {
        for (int axis = 1; axis < launch.outer().size(); axis++) {
            add(new Argument.Extent(axis));
        }
        for (int i = 0; i < launch.body().size(); i++) {
            switch (launch.body().get(i)) {
                case Instruction.Load load -> add(i, load.at());
                case Instruction.Store store -> add(i, store.at());
                case Instruction.Index index -> add(i, index.at());
                case Instruction.Constant _, Instruction.Uniform _ -> add(new Argument.Constant(i));
                default -> {}
            }
        }
    }

    private void add(int instruction, Affine at) {
        add(new Argument.Start(instruction));
        for (int axis = 0; axis < at.outerStrides().size(); axis++) {
            if (at.outerStrides().get(axis) != 0) {
                add(new Argument.OuterStride(instruction, axis));
            }
        }
        if (at.innerStride() != 0 && at.innerStride() != 1) {
            add(new Argument.InnerStride(instruction));
        }
    }

    private void add(Argument argument) {
        places.put(argument, order.size());
        order.add(argument);
    }

    /** Whether a kernel is given the number; what it is not given is the same in all launches of its structure. */
    boolean has(Argument argument) {
        return places.containsKey(argument);
    }

    /** Its number in the array. */
    int place(Argument argument) {
        return places.get(argument);
    }

    /**
     * The array for a launch.
     *
     * @param launch one of the structure that this order was made for
     * @param address of a buffer of the plan
     */
    long[] values(Launch.Fused launch, IntToLongFunction address) {
        return order.stream()
                .mapToLong(argument -> value(argument, launch, address))
                .toArray();
    }

    private static long value(Argument argument, Launch.Fused launch, IntToLongFunction address) {
        return switch (argument) {
            case Argument.Extent(int axis) -> launch.outer().get(axis);
            case Argument.Start(int i) -> {
                Instruction instruction = launch.body().get(i);
                long base = switch (instruction) {
                    case Instruction.Load load -> address.applyAsLong(load.buffer());
                    case Instruction.Store store -> address.applyAsLong(store.buffer());
                    default -> 0;
                };
                yield base + unit(instruction) * at(instruction).offset();
            }
            case Argument.OuterStride(int i, int axis) -> {
                Instruction instruction = launch.body().get(i);
                yield unit(instruction) * at(instruction).outerStrides().get(axis);
            }
            case Argument.InnerStride(int i) -> {
                Instruction instruction = launch.body().get(i);
                yield unit(instruction) * at(instruction).innerStride();
            }
            case Argument.Constant(int i) -> bits(launch.body().get(i));
        };
    }

    private static long bits(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Constant constant
            when constant.dtype() == DType.F32 -> Float.floatToRawIntBits((float) constant.value());
            case Instruction.Constant constant -> (int) constant.value();
            case Instruction.Uniform uniform -> uniform.stream();
            default -> throw new IllegalStateException("no constant: " + instruction);
        };
    }

    /** Elements are counted in bytes, values of an index in ones. */
    private static long unit(Instruction instruction) {
        return instruction instanceof Instruction.Index ? 1 : DType.BYTES;
    }

    private static Affine at(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load load -> load.at();
            case Instruction.Store store -> store.at();
            case Instruction.Index index -> index.at();
            default -> throw new IllegalStateException("no access: " + instruction);
        };
    }
}
