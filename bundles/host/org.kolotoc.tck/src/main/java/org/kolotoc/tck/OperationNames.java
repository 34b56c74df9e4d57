package org.kolotoc.tck;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.tensor.Op;

/** Names of operations and of their kinds, to see that none is left out. */
final class OperationNames {
    private OperationNames() {}

    static Set<String> all() {
        Set<String> names = new TreeSet<>();
        for (Class<?> op : Op.class.getPermittedSubclasses()) {
            names.add(op.getSimpleName());
        }
        Stream.of(Op.UnaryKind.values(), Op.BinaryKind.values(), Op.CompareKind.values(), Op.ReduceKind.values())
                .flatMap(Arrays::stream)
                .forEach(kind -> names.add(name(kind)));
        return names;
    }

    static Set<String> of(Op op) {
        String name = op.getClass().getSimpleName();
        return switch (op) {
            case Op.Unary unary -> Set.of(name, name(unary.kind()));
            case Op.Binary binary -> Set.of(name, name(binary.kind()));
            case Op.Compare compare -> Set.of(name, name(compare.kind()));
            case Op.Reduce reduce -> Set.of(name, name(reduce.kind()));
            default -> Set.of(name);
        };
    }

    private static String name(Enum<?> kind) {
        return kind.getClass().getSimpleName() + " " + kind;
    }
}
