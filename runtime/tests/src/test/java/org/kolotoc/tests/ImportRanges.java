package org.kolotoc.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions of the project's packages a bundle may be wired to. */
final class ImportRanges {
    private static final Pattern CLAUSE =
            Pattern.compile("(org\\.kolotoc[\\w.]*)((?:;[\\w:-]+=(?:\"[^\"]*\"|[^,;\"]*))*)");
    private static final Pattern BELOW_ONE = Pattern.compile(".*;version=\"\\[0\\.(\\d+),0\\.(\\d+)\\)\".*");
    private static final Pattern FROM_ONE = Pattern.compile(".*;version=\"\\[[1-9]\\d*\\.\\d+,[1-9][\\d.]*\\)\".*");

    private ImportRanges() {}

    /** The imports of the project's packages that are wired to more than {@code [0.3,0.4)}, as long as they are below 1.0. */
    static Set<String> tooWide(Path bundle) throws IOException {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            String header = jar.getManifest().getMainAttributes().getValue("Import-Package");
            return tooWide(header == null ? "" : header);
        }
    }

    static Set<String> tooWide(String header) {
        Set<String> found = new TreeSet<>();
        Matcher clause = CLAUSE.matcher(header);
        while (clause.find()) {
            Matcher below = BELOW_ONE.matcher(clause.group(2));
            boolean isNarrow =
                    below.matches() && Integer.parseInt(below.group(2)) == Integer.parseInt(below.group(1)) + 1;
            if (!isNarrow && !FROM_ONE.matcher(clause.group(2)).matches()) {
                found.add(clause.group());
            }
        }
        return found;
    }
}
