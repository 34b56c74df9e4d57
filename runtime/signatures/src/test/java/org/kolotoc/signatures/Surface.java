package org.kolotoc.signatures;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.classfile.attribute.ExceptionsAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a compiler sees of a class: its kind, what it extends, and every public member with its descriptor. Read from the
 * class file, so that nothing is initialised.
 *
 * @param kind {@code class}, {@code interface} or {@code enum}; with {@code abstract} where it is
 * @param parents superclass and interfaces
 * @param members public fields, constructors and methods, each with what callers depend on: static, the checked exceptions, the
 *     constant that is copied into them
 * @param abstracts of these, the methods that an implementer must write
 */
record Surface(String name, String kind, Set<String> parents, Map<String, String> members, Set<String> abstracts) {

    static Surface read(Path file) throws IOException {
        return of(ClassFile.of().parse(Files.readAllBytes(file)));
    }

    static Surface of(ClassModel model) {
        Map<String, String> members = new TreeMap<>();
        Set<String> abstracts = new TreeSet<>();
        for (FieldModel field : model.fields()) {
            if (field.flags().has(AccessFlag.PUBLIC)) {
                members.put(
                        field.fieldName().stringValue() + ":"
                                + field.fieldType().stringValue(),
                        (field.flags().has(AccessFlag.STATIC) ? "static" : "of an object")
                                + field.findAttribute(Attributes.constantValue())
                                        .map(ConstantValueAttribute::constant)
                                        .map(c -> ", constant " + c.constantValue())
                                        .orElse(""));
            }
        }
        for (MethodModel method : model.methods()) {
            String name =
                    method.methodName().stringValue() + method.methodType().stringValue();
            if (!method.flags().has(AccessFlag.PUBLIC) || method.flags().has(AccessFlag.SYNTHETIC)) {
                continue;
            }
            Optional<ExceptionsAttribute> thrown = method.findAttribute(Attributes.exceptions());
            members.put(
                    name,
                    (method.flags().has(AccessFlag.STATIC) ? "static" : "of an object")
                            + thrown.map(t -> t.exceptions().stream()
                                            .map(ClassEntry::asInternalName)
                                            .sorted()
                                            .collect(Collectors.joining(",", ", throws ", "")))
                                    .orElse(""));
            if (method.flags().has(AccessFlag.ABSTRACT)) {
                abstracts.add(name);
            }
        }
        Set<String> parents = new TreeSet<>();
        model.superclass().ifPresent(parent -> parents.add(parent.asInternalName()));
        model.interfaces().forEach(parent -> parents.add(parent.asInternalName()));
        String kind = model.flags().has(AccessFlag.INTERFACE)
                ? "interface"
                : model.flags().has(AccessFlag.ENUM) ? "enum" : "class";
        return new Surface(model.thisClass().asInternalName(), kind, parents, members, abstracts);
    }

    /** Whether it is for others to implement: then it must ask of them exactly what the real one asks. */
    boolean implemented() {
        return name.contains("TornadoFunctions$") || name.endsWith("Provider") && kind.equals("interface");
    }
}
