package org.kolotoc.develop.contracts;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantValueEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What other bundles can name of one class file, a line for the type and for each member: generics, thrown exceptions,
 * values of constants (which compilers copy) and OSGi's type of its implementers included; bodies, names of parameters
 * and what every object has are not. Types of {@code java.lang} stand without their package.
 */
final class TypeSignatures {
    private static final String CONSTRUCTOR = "<init>";
    private static final String OBJECT = "Object";
    private static final Set<String> OF_OBJECT =
            Set.of("equals(Ljava/lang/Object;)Z", "hashCode()I", "toString()Ljava/lang/String;");
    private static final List<String> IMPLEMENTED_BY = List.of("ConsumerType", "ProviderType");
    private static final Set<AccessFlag> SHOWN =
            EnumSet.of(AccessFlag.PROTECTED, AccessFlag.STATIC, AccessFlag.ABSTRACT, AccessFlag.FINAL);

    private final ClassModel type;
    private final String name;

    private TypeSignatures(ClassModel type) {
        this.type = type;
        String whole = type.thisClass().asInternalName();
        this.name = whole.substring(whole.lastIndexOf('/') + 1).replace('$', '.');
    }

    /** Its lines; none when no other bundle can name it. */
    static List<String> of(ClassModel type) {
        return isReachable(type) ? new TypeSignatures(type).lines() : List.of();
    }

    private static boolean isReachable(ClassModel type) {
        if (!type.flags().has(AccessFlag.PUBLIC) && nested(type).isEmpty()) {
            return false;
        }
        return nested(type).stream()
                .allMatch(info -> info.outerClass().isPresent()
                        && (info.has(AccessFlag.PUBLIC) || info.has(AccessFlag.PROTECTED)));
    }

    /** What the file says of the type as a nested one, and of those around it: the flags in the sources. */
    private static List<InnerClassInfo> nested(ClassModel type) {
        String own = type.thisClass().asInternalName();
        return type.findAttribute(Attributes.innerClasses()).stream()
                .flatMap(attribute -> attribute.classes().stream())
                .filter(info -> (own + "$").startsWith(info.innerClass().asInternalName() + "$"))
                .toList();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(name + " : " + declaration());
        type.fields().stream()
                .filter(field -> isVisible(field.flags()))
                .map(this::field)
                .forEach(lines::add);
        type.methods().stream()
                .filter(method -> isVisible(method.flags()))
                .filter(method -> !OF_OBJECT.contains(
                        method.methodName().stringValue() + method.methodType().stringValue()))
                .map(this::method)
                .forEach(lines::add);
        return lines;
    }

    private static boolean isVisible(AccessFlags flags) {
        return (flags.has(AccessFlag.PUBLIC) || flags.has(AccessFlag.PROTECTED)) && !flags.has(AccessFlag.SYNTHETIC);
    }

    private String declaration() {
        ClassSignature generic = type.findAttribute(Attributes.signature())
                .map(attribute -> attribute.asClassSignature())
                .orElseGet(() -> ClassSignature.of(
                        Signature.ClassTypeSig.of(
                                type.superclass().map(ClassEntry::asSymbol).orElse(ClassDesc.of("java.lang.Object"))),
                        type.interfaces().stream()
                                .map(one -> Signature.ClassTypeSig.of(one.asSymbol()))
                                .toArray(Signature.ClassTypeSig[]::new)));
        List<String> words = new ArrayList<>();
        ExportedPackage.annotations(type).stream()
                .map(annotation -> annotation.classSymbol().displayName())
                .filter(IMPLEMENTED_BY::contains)
                .forEach(word -> words.add("@" + word));
        words.add(flags(nested(type).stream()
                .filter(info -> info.innerClass().equals(type.thisClass()))
                .findFirst()
                .map(InnerClassInfo::flags)
                .orElseGet(() -> type.flags().flags())));
        words.add(kind() + parameters(generic.typeParameters()));
        String parent = text(generic.superclassSignature());
        words.add(parent.equals(OBJECT) ? "" : "extends " + parent);
        words.add(list(
                type.flags().has(AccessFlag.INTERFACE) ? "extends " : "implements ",
                generic.superinterfaceSignatures(),
                TypeSignatures::text));
        words.add(type.findAttribute(Attributes.permittedSubclasses())
                .map(attribute -> list(
                        "permits ",
                        attribute.permittedSubclasses(),
                        one -> text(Signature.ClassTypeSig.of(one.asSymbol()))))
                .orElse(""));
        return joined(words);
    }

    private String kind() {
        Optional<String> components = type.findAttribute(Attributes.record())
                .map(record -> record.components().stream()
                        .map(component -> component.name().stringValue())
                        .collect(Collectors.joining(", ", "record(", ")")));
        if (components.isPresent()) {
            return components.get();
        }
        Set<AccessFlag> flags = type.flags().flags();
        return flags.contains(AccessFlag.ANNOTATION)
                ? "annotation"
                : flags.contains(AccessFlag.INTERFACE)
                        ? "interface"
                        : flags.contains(AccessFlag.ENUM) ? "enum" : "class";
    }

    private String field(FieldModel field) {
        Signature declared = field.findAttribute(Attributes.signature())
                .map(attribute -> attribute.asTypeSignature())
                .orElseGet(() -> Signature.of(field.fieldTypeSymbol()));
        String constant = field.findAttribute(Attributes.constantValue())
                .map(attribute -> "= " + constant(attribute.constant()))
                .orElse("");
        return name + "." + field.fieldName().stringValue() + " : "
                + joined(List.of(flags(field.flags().flags()), text(declared), constant));
    }

    private static String constant(ConstantValueEntry entry) {
        return entry.constantValue() instanceof String text
                ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"'
                : entry.constantValue().toString();
    }

    private String method(MethodModel method) {
        MethodSignature declared = method.findAttribute(Attributes.signature())
                .map(attribute -> attribute.asMethodSignature())
                .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()));
        boolean constructs = method.methodName().equalsString(CONSTRUCTOR);
        String arguments =
                declared.arguments().stream().map(TypeSignatures::text).collect(Collectors.joining(", ", "(", ")"));
        if (method.flags().has(AccessFlag.VARARGS)) {
            arguments = arguments.replaceFirst("\\[]\\)$", "...)");
        }
        List<Signature> thrown = new ArrayList<>(declared.throwableSignatures());
        if (thrown.isEmpty()) {
            method.findAttribute(Attributes.exceptions())
                    .ifPresent(attribute -> attribute.exceptions().stream()
                            .map(one -> Signature.of(one.asSymbol()))
                            .forEach(thrown::add));
        }
        String otherwise = method.findAttribute(Attributes.annotationDefault()).isPresent() ? "with a default" : "";
        boolean isDefault = type.flags().has(AccessFlag.INTERFACE)
                && !method.flags().has(AccessFlag.ABSTRACT)
                && !method.flags().has(AccessFlag.STATIC);
        return name + "." + (constructs ? "new" : method.methodName().stringValue()) + arguments + " : "
                + joined(List.of(
                        isDefault ? "default" : "",
                        flags(method.flags().flags()),
                        parameters(declared.typeParameters()),
                        constructs ? name : text(declared.result()),
                        list("throws ", thrown, TypeSignatures::text),
                        otherwise));
    }

    private static String flags(Set<AccessFlag> flags) {
        return flags.stream()
                .filter(SHOWN::contains)
                .filter(flag -> flag != AccessFlag.ABSTRACT || !flags.contains(AccessFlag.INTERFACE))
                .map(flag -> flag.name().toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String parameters(List<Signature.TypeParam> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.stream()
                        .map(one -> one.identifier()
                                + Stream.concat(one.classBound().stream(), one.interfaceBounds().stream())
                                        .map(TypeSignatures::text)
                                        .filter(bound -> !bound.equals(OBJECT))
                                        .collect(Collectors.joining(" & ", " extends ", ""))
                                        .replaceFirst(" extends $", ""))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String text(Signature signature) {
        return switch (signature) {
            case Signature.BaseTypeSig base ->
                ClassDesc.ofDescriptor(base.signatureString()).displayName();
            case Signature.ArrayTypeSig array -> text(array.componentSignature()) + "[]";
            case Signature.TypeVarSig variable -> variable.identifier();
            case Signature.ClassTypeSig of ->
                of.outerType().map(outer -> text(outer) + ".").orElse("")
                        + of.className()
                                .replace('/', '.')
                                .replace('$', '.')
                                .replaceFirst("^java\\.lang\\.(?=[A-Z])", "")
                        + (of.typeArgs().isEmpty() ? "" : list("<", of.typeArgs(), TypeSignatures::argument) + ">");
        };
    }

    private static String argument(Signature.TypeArg argument) {
        return switch (argument) {
            case Signature.TypeArg.Unbounded _ -> "?";
            case Signature.TypeArg.Bounded bounded ->
                switch (bounded.wildcardIndicator()) {
                            case NONE -> "";
                            case EXTENDS -> "? extends ";
                            case SUPER -> "? super ";
                        }
                        + text(bounded.boundType());
        };
    }

    private static <T> String list(String before, List<? extends T> items, Function<T, String> text) {
        return items.isEmpty() ? "" : items.stream().map(text).collect(Collectors.joining(", ", before, ""));
    }

    private static String joined(List<String> words) {
        return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }
}
