package org.kolotoc.develop.contracts;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import java.util.List;
import java.util.stream.Collectors;

/** The first sentence of a documentation comment, as Markdown on one line. */
final class FirstSentence {
    private FirstSentence() {}

    /** Empty where there is no comment. */
    static String of(DocCommentTree comment) {
        return comment == null
                ? ""
                : text(comment.getFirstSentence()).replaceAll("\\s+", " ").strip();
    }

    private static String text(List<? extends DocTree> parts) {
        return parts.stream().map(FirstSentence::text).collect(Collectors.joining());
    }

    private static String text(DocTree part) {
        return switch (part) {
            case TextTree words -> escaped(words.getBody());
            case EntityTree entity -> entity.toString();
            case LiteralTree literal
            when literal.getKind() == DocTree.Kind.CODE ->
                code(literal.getBody().getBody());
            case LiteralTree literal -> escaped(literal.getBody().getBody());
            case LinkTree link when !link.getLabel().isEmpty() -> text(link.getLabel());
            case LinkTree link -> code(name(link.getReference().getSignature()));
            case StartElementTree _ -> " ";
            case EndElementTree _ -> " ";
            default -> part.toString();
        };
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    /** A reference as people write it: without packages, with a dot before a member. */
    private static String name(String reference) {
        return reference
                .replaceAll("\\b(\\p{Lower}\\w*\\.)+(?=\\p{Upper})", "")
                .replaceFirst("^#", "")
                .replace('#', '.');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replaceAll("([*_`\\\\\\[\\]])", "\\\\$1");
    }
}
