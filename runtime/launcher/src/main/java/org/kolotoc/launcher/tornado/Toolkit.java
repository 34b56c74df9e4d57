package org.kolotoc.launcher.tornado;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a library of the SDK was built with, as far as NVIDIA's driver has to keep up: machine code of a newer CUDA than the
 * driver's is not loaded, unless only the second number is newer ("CUDA minor version compatibility").
 *
 * @param major first number of the CUDA whose compiler it calls; 0 when it calls none
 * @param versioned functions of the driver that it calls by a version, of which newer drivers have more
 */
record Toolkit(int major, List<String> versioned) {
    private static final Pattern COMPILER = Pattern.compile("libnvrtc\\.so\\.(\\d+)");
    private static final Pattern VERSIONED = Pattern.compile("(?<=\\x00)cu[A-Z]\\w*_v\\d+(?=\\x00)");

    /** By the names in it, which end with a zero. */
    static Toolkit of(Path library) throws IOException {
        String content = Files.readString(library, StandardCharsets.ISO_8859_1);
        Matcher compiler = COMPILER.matcher(content);
        return new Toolkit(
                compiler.find() ? Integer.parseInt(compiler.group(1)) : 0,
                VERSIONED
                        .matcher(content)
                        .results()
                        .map(result -> result.group())
                        .distinct()
                        .toList());
    }

    /**
     * Why a driver is too old; empty when it is not.
     *
     * @param version that the driver tells: 13020 is 13.2; 0 when it tells none
     * @param has whether the driver has a function
     */
    String reason(Path library, int version, Predicate<String> has) {
        String lack = versioned.stream()
                .filter(has.negate())
                .findFirst()
                .map(name -> "it has no " + name + ", which " + library.getFileName() + " calls")
                .orElse(
                        version > 0 && version / 1000 < major
                                ? library.getFileName() + " compiles with CUDA " + major
                                : "");
        return lack.isEmpty()
                ? ""
                : "NVIDIA's driver speaks CUDA " + version / 1000 + "." + version % 1000 / 10 + ", and " + lack
                        + "; install a newer driver, or an SDK that was built for this one (" + Release.INSTALL + ")";
    }
}
