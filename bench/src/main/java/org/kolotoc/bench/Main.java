package org.kolotoc.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** {@code ./kolotoc bench}. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        List<String> words = Arrays.asList(args);
        try {
            new SideBySide(BenchArguments.of(words), System.out::println).run();
        } catch (BenchArguments.Wrong e) {
            System.err.println("kolotoc: " + e.getMessage());
            System.err.println("  ./kolotoc bench --help");
            System.exit(2);
        } catch (IOException e) {
            System.err.println("kolotoc: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
