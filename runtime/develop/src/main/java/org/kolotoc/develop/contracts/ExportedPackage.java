package org.kolotoc.develop.contracts;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A package that its bundle exports, as other bundles are linked against it.
 *
 * @param version of its {@code @Version}
 * @param signatures a line for each type and each member that another bundle can name, see {@link TypeSignatures}
 */
record ExportedPackage(String name, String version, SortedSet<String> signatures) {
    private static final String INFO = "package-info.class";
    private static final String EXPORT = "Lorg/osgi/annotation/bundle/Export;";
    private static final String VERSION = "Lorg/osgi/annotation/versioning/Version;";

    /** Those in folders of class files, by name. */
    static SortedMap<String, ExportedPackage> in(Collection<Path> folders) throws IOException {
        SortedMap<String, ExportedPackage> found = new TreeMap<>();
        for (Path folder : folders) {
            for (Path info : files(folder, Integer.MAX_VALUE, INFO)) {
                List<Annotation> annotations = annotations(ClassFile.of().parse(info));
                if (find(annotations, EXPORT).isPresent()) {
                    Path place = info.getParent();
                    String name = folder.relativize(place).toString().replace('/', '.');
                    String version = find(annotations, VERSION)
                            .map(ExportedPackage::value)
                            .orElse("");
                    found.put(name, new ExportedPackage(name, version, signatures(place)));
                }
            }
        }
        return found;
    }

    private static SortedSet<String> signatures(Path place) throws IOException {
        SortedSet<String> lines = new TreeSet<>();
        for (Path file : files(place, 1, ".class")) {
            if (!file.endsWith(INFO)) {
                lines.addAll(TypeSignatures.of(ClassFile.of().parse(file)));
            }
        }
        return lines;
    }

    private static List<Path> files(Path folder, int depth, String end) throws IOException {
        try (Stream<Path> tree = Files.find(
                folder,
                depth,
                (file, of) -> of.isRegularFile() && file.toString().endsWith(end))) {
            return tree.toList();
        }
    }

    /** Those of a class that are in its file and not for the running program, as OSGi's are. */
    static List<Annotation> annotations(AttributedElement element) {
        return element.findAttribute(Attributes.runtimeInvisibleAnnotations())
                .map(attribute -> attribute.annotations())
                .orElse(List.of());
    }

    static Optional<Annotation> find(List<Annotation> annotations, String descriptor) {
        return annotations.stream()
                .filter(annotation -> annotation.className().equalsString(descriptor))
                .findFirst();
    }

    private static String value(Annotation version) {
        return version.elements().stream()
                .map(AnnotationElement::value)
                .filter(AnnotationValue.OfString.class::isInstance)
                .map(value -> ((AnnotationValue.OfString) value).stringValue())
                .findFirst()
                .orElse("");
    }
}
