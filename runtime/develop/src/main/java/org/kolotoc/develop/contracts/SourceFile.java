package org.kolotoc.develop.contracts;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** A parsed source file: the types in it that others can name, declarations as they are written, without bodies. */
final class SourceFile {
    private static final Pattern SECTION = Pattern.compile("^ +// (\\S.*)\\R(?= *\\R)", Pattern.MULTILINE);
    private static final Set<Tree.Kind> INTERFACES = Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);
    private static final List<Modifier> SHOWN =
            List.of(Modifier.PROTECTED, Modifier.STATIC, Modifier.ABSTRACT, Modifier.SEALED, Modifier.DEFAULT);
    private static final String CONSTRUCTOR = "<init>";

    /**
     * A type.
     *
     * @param name with those of the types around it
     * @param declaration {@code interface Phase<S extends Record> extends Plugin<S>}
     * @param sentence the first of its documentation
     * @param parents what it extends and implements, as written
     */
    record Type(String name, String declaration, String sentence, List<String> parents, List<Member> members) {}

    /**
     * A member of a type.
     *
     * @param section heading in the source above it and others, {@code // Reductions}; empty where there is none
     */
    record Member(String section, String declaration, String sentence) {}

    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final String text;
    private final List<Type> types = new ArrayList<>();

    SourceFile(CompilationUnitTree unit, DocTrees trees) throws IOException {
        this.unit = unit;
        this.trees = trees;
        this.text = unit.getSourceFile().getCharContent(true).toString();
        TreePath path = new TreePath(unit);
        for (Tree tree : unit.getTypeDecls()) {
            if (tree instanceof ClassTree type && type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                add(new TreePath(path, type), type, "");
            }
        }
    }

    /** Those that are public or protected, nested ones after those around them. */
    List<Type> types() {
        return types;
    }

    String sentence(TreePath path) {
        return FirstSentence.of(trees.getDocCommentTree(path));
    }

    private void add(TreePath path, ClassTree type, String around) {
        String name = around + type.getSimpleName();
        List<Member> members = new ArrayList<>();
        types.add(new Type(name, declaration(type, name), sentence(path), parents(type), members));
        String section = "";
        long end = trees.getSourcePositions().getStartPosition(unit, type);
        for (Tree tree : type.getMembers()) {
            long start = trees.getSourcePositions().getStartPosition(unit, tree);
            if (start > end) {
                Matcher heading = SECTION.matcher(text.substring((int) end, (int) start));
                section = heading.find() ? heading.group(1) : section;
            }
            end = Math.max(end, trees.getSourcePositions().getEndPosition(unit, tree));
            TreePath place = new TreePath(path, tree);
            if (tree instanceof ClassTree nested && isVisible(type, nested.getModifiers())) {
                add(place, nested, name + ".");
            } else if (isMember(type, tree)) {
                members.add(new Member(section, declaration(type, tree), sentence(place)));
            }
        }
    }

    private static boolean isMember(ClassTree of, Tree tree) {
        return switch (tree) {
            case VariableTree field -> isVisible(of, field.getModifiers());
            case MethodTree method ->
                isVisible(of, method.getModifiers()) && !isInherited(method) && !isCompact(of, method);
            default -> false;
        };
    }

    private static boolean isVisible(ClassTree of, ModifiersTree modifiers) {
        Set<Modifier> flags = modifiers.getFlags();
        return flags.contains(Modifier.PUBLIC)
                || flags.contains(Modifier.PROTECTED)
                || INTERFACES.contains(of.getKind()) && !flags.contains(Modifier.PRIVATE);
    }

    private static boolean isInherited(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(one -> one.getAnnotationType().toString().equals("Override"));
    }

    /** Whether it is a record's own constructor, which its header tells. */
    private static boolean isCompact(ClassTree of, MethodTree method) {
        return of.getKind() == Tree.Kind.RECORD
                && method.getName().contentEquals(CONSTRUCTOR)
                && types(method.getParameters()).equals(types(components(of)));
    }

    private static List<String> types(List<? extends VariableTree> variables) {
        return variables.stream().map(one -> one.getType().toString()).toList();
    }

    private static List<VariableTree> components(ClassTree record) {
        return record.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                .toList();
    }

    private static List<String> parents(ClassTree type) {
        return Stream.concat(Stream.ofNullable(type.getExtendsClause()), type.getImplementsClause().stream())
                .map(Tree::toString)
                .toList();
    }

    private static String declaration(ClassTree type, String name) {
        boolean isInterface = INTERFACES.contains(type.getKind());
        String kind = switch (type.getKind()) {
            case ANNOTATION_TYPE -> "@interface";
            default -> type.getKind().name().toLowerCase(Locale.ROOT);
        };
        List<String> words = new ArrayList<>(shown(type.getModifiers().getFlags().stream()
                .filter(flag -> flag != Modifier.STATIC && !(isInterface && flag == Modifier.ABSTRACT))));
        String header = name + list("<", type.getTypeParameters(), ">");
        if (type.getKind() == Tree.Kind.RECORD) {
            header += components(type).stream()
                    .map(one -> one.getType() + " " + one.getName())
                    .collect(Collectors.joining(", ", "(", ")"));
        }
        words.addAll(List.of(
                kind,
                header,
                type.getExtendsClause() == null ? "" : "extends " + type.getExtendsClause(),
                list(isInterface ? "extends " : "implements ", type.getImplementsClause(), ""),
                list("permits ", type.getPermitsClause(), "")));
        return joined(words);
    }

    private static String declaration(ClassTree of, Tree member) {
        if (member instanceof VariableTree field) {
            boolean isConstant = of.getKind() == Tree.Kind.ENUM
                    && field.getType().toString().equals(of.getSimpleName().toString());
            return isConstant
                    ? field.getName().toString()
                    : joined(List.of(
                            field.getModifiers().getFlags().contains(Modifier.STATIC) ? "static" : "",
                            field.getType() + " " + field.getName()));
        }
        MethodTree method = (MethodTree) member;
        boolean constructs = method.getName().contentEquals(CONSTRUCTOR);
        List<String> words = new ArrayList<>(shown(method.getModifiers().getFlags().stream()));
        words.addAll(List.of(
                list("<", method.getTypeParameters(), ">"),
                constructs ? "" : method.getReturnType().toString(),
                (constructs ? of.getSimpleName() : method.getName())
                        + method.getParameters().stream()
                                .map(SourceFile::parameter)
                                .collect(Collectors.joining(", ", "(", ")")),
                method.getDefaultValue() == null ? "" : "default " + method.getDefaultValue()));
        return joined(words);
    }

    /** Its own text knows of variable arity, its type does not. */
    private static String parameter(VariableTree variable) {
        String type = variable.getType().toString();
        boolean open = variable.toString().contains("... ");
        return (open ? type.replaceFirst("\\[]$", "...") : type) + " " + variable.getName();
    }

    private static List<String> shown(Stream<Modifier> flags) {
        List<Modifier> has = flags.toList();
        return SHOWN.stream().filter(has::contains).map(Modifier::toString).toList();
    }

    private static String list(String before, List<? extends Tree> items, String after) {
        return items.isEmpty()
                ? ""
                : items.stream().map(Tree::toString).collect(Collectors.joining(", ", before, after));
    }

    private static String joined(List<String> words) {
        return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }
}
