package org.kolotoc.develop;

/**
 * An option of a command line.
 *
 * @param name with its dashes
 * @param value how its value is called; empty when it takes none
 * @param help lines for a person
 */
public record Option(String name, String value, String help) {
    private static final int WIDTH = 20;

    /** As {@code --help} shows it, with the end of the line. */
    public String shown() {
        String head = value.isEmpty() ? name : name + " " + value;
        return String.format("  %-" + WIDTH + "s %s%n", head, help.replace("\n", "\n" + " ".repeat(WIDTH + 3)));
    }
}
