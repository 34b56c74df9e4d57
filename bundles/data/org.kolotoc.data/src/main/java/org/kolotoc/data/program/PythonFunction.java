package org.kolotoc.data.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Python function of one text, of the part of the language that such answers are written in: assignments and a return; methods of
 * texts, a text turned round, comparison, and the characters of a text that fulfil a condition joined together. It is
 * interpreted here and can do nothing else: no answer is handed to a real Python.
 */
final class PythonFunction {
    private static final Pattern HEAD =
            Pattern.compile("(?m)^([ \\t]*)def\\s+\\w+\\([ \\t]*(\\w+)[ \\t]*(?::[ \\t]*[\\w.]+[ \\t]*)?\\)"
                    + "[ \\t]*(?:->[ \\t]*[\\w.]+[ \\t]*)?:[ \\t]*(?:#.*)?$");

    /** Characters of a text that it may make; {@code replace} and {@code join} make long ones of short ones. */
    private static final int LONGEST = 1 << 16;

    private final String argument;
    private final List<String> lines;

    private PythonFunction(String argument, List<String> lines) {
        this.argument = argument;
        this.lines = lines;
    }

    /** The first function in an answer; nothing where there is none. */
    static Optional<PythonFunction> in(String answer) {
        Matcher head = HEAD.matcher(answer);
        if (!head.find()) {
            return Optional.empty();
        }
        int indent = head.group(1).length();
        List<String> lines = new ArrayList<>();
        for (String line : answer.substring(head.end()).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            if (line.length() - line.stripLeading().length() <= indent) {
                break;
            }
            lines.add(line);
        }
        return Optional.of(new PythonFunction(head.group(2), lines));
    }

    /**
     * Runs it.
     *
     * @return a {@code String} or a {@code Boolean}
     * @throws NotUnderstood when a line is none of what is known
     */
    Object of(String text) {
        Map<String, Object> values = new HashMap<>(Map.of(argument, text));
        for (String line : lines) {
            Scanner scanner = new Scanner(line);
            if (scanner.isAtEnd()) {
                continue;
            }
            boolean returns = scanner.reads("return");
            String name = returns ? "" : scanner.next();
            if (!returns) {
                scanner.require("=");
            }
            Object value = expression(scanner, values);
            if (!scanner.isAtEnd()) {
                throw scanner.fault();
            }
            if (returns) {
                return value;
            }
            values.put(name, value);
        }
        throw new NotUnderstood("a function without return");
    }

    private static Object expression(Scanner scanner, Map<String, Object> values) {
        scanner.enter();
        Object value = compared(scanner, values);
        scanner.leave();
        return value;
    }

    private static Object compared(Scanner scanner, Map<String, Object> values) {
        Object left = chain(scanner, values);
        if (scanner.reads("==")) {
            return left.equals(chain(scanner, values));
        }
        if (scanner.reads("!=")) {
            return !left.equals(chain(scanner, values));
        }
        return left;
    }

    private static Object chain(Scanner scanner, Map<String, Object> values) {
        Object value = primary(scanner, values);
        while (true) {
            if (scanner.reads("[::-1]")) {
                value = new StringBuilder(text(value, scanner)).reverse().toString();
            } else if (scanner.reads(".")) {
                value = method(scanner.next(), text(value, scanner), scanner, values);
            } else {
                return value;
            }
        }
    }

    private static Object primary(Scanner scanner, Map<String, Object> values) {
        if (scanner.reads("(")) {
            Object value = expression(scanner, values);
            scanner.require(")");
            return value;
        }
        String token = scanner.next();
        if (token.startsWith("'") || token.startsWith("\"")) {
            return token.substring(1, token.length() - 1);
        }
        if (!values.containsKey(token)) {
            throw new NotUnderstood("the name '" + token + "'");
        }
        return values.get(token);
    }

    private static String text(Object value, Scanner scanner) {
        if (!(value instanceof String text)) {
            throw scanner.fault();
        }
        return text;
    }

    private static Object method(String name, String text, Scanner scanner, Map<String, Object> values) {
        scanner.require("(");
        if (name.equals("join") && scanner.has(1, "for")) {
            return joined(text, scanner, values);
        }
        List<String> arguments = new ArrayList<>();
        while (!scanner.reads(")")) {
            if (!arguments.isEmpty()) {
                scanner.require(",");
            }
            arguments.add(text(expression(scanner, values), scanner));
        }
        return switch (name + "/" + arguments.size()) {
            case "lower/0", "casefold/0" -> text.toLowerCase(Locale.ROOT);
            case "upper/0" -> text.toUpperCase(Locale.ROOT);
            case "strip/0" -> text.strip();
            case "replace/2" -> replaced(text, arguments.get(0), arguments.get(1));
            case "isalnum/0" -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetterOrDigit);
            case "isalpha/0" -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetter);
            case "isspace/0" -> !text.isEmpty() && text.codePoints().allMatch(Character::isWhitespace);
            default -> throw new NotUnderstood("the method '" + name + "' with " + arguments.size() + " arguments");
        };
    }

    private static String replaced(String text, String old, String other) {
        // Nothing stands between any two characters.
        long times = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
        requireShort(text.length() + times * other.length());
        return text.replace(old, other);
    }

    private static void requireShort(long length) {
        if (length > LONGEST) {
            throw new NotUnderstood("a text of more than " + LONGEST + " characters");
        }
    }

    /** {@code c for c in text if condition)}, behind the bracket that opens. The condition is read anew for each character. */
    private static String joined(String between, Scanner scanner, Map<String, Object> values) {
        String name = scanner.next();
        scanner.require("for");
        scanner.require(name);
        scanner.require("in");
        scanner.enter();
        String text = text(chain(scanner, values), scanner);
        scanner.leave();
        scanner.require("if");
        List<String> condition = new ArrayList<>();
        for (int open = 1; ; ) {
            String token = scanner.next();
            open += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            if (open == 0) {
                break;
            }
            condition.add(token);
        }
        String line = String.join(" ", condition);
        requireShort(text.length() * (1L + between.length()));
        return text.codePoints()
                .mapToObj(Character::toString)
                .filter(character -> {
                    Map<String, Object> inner = new HashMap<>(values);
                    inner.put(name, character);
                    return Boolean.TRUE.equals(expression(scanner.inside(line), inner));
                })
                .collect(Collectors.joining(between));
    }
}
