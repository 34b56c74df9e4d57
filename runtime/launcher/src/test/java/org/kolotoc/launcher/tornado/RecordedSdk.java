package org.kolotoc.launcher.tornado;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.constant.ModuleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A folder laid out as TornadoVM's release 5.2.0-jdk25 is: modules without classes, libraries without code. */
record RecordedSdk(Path folder) {

    /** One whose release was built with these back ends. */
    static RecordedSdk write(Path folder, BackEnd... backEnds) {
        RecordedSdk sdk = new RecordedSdk(folder);
        sdk.file("etc/tornado.release", "version=5.2.0-jdk25\nbranch=master\ncommit=0123456\n");
        sdk.file("etc/exportLists/common-exports", """
            # a comment
            --add-reads=tornado.runtime=java.logging
            --add-exports=java.base/jdk.internal.misc=tornado.runtime,tornado.annotation
            """);
        for (String module : List.of("api", "annotation", "drivers.common", "matrices")) {
            sdk.jar("share/java/tornado/tornado-" + module.replace('.', '-') + "-5.2.0-jdk25.jar", "tornado." + module);
        }
        sdk.jar("share/java/tornado/collections-25.0.2.jar", "org.graalvm.collections");
        sdk.jar("share/java/tornado/tornado-runtime-5.2.0-jdk25.jar", "tornado.runtime", "org.graalvm.collections");
        sdk.jar("share/java/tornado/nativeimage-25.0.2.jar", "org.graalvm.nativeimage");
        sdk.jar("share/java/graalJars/compiler-25.0.2.jar", "jdk.graal.compiler", "org.graalvm.nativeimage");
        for (BackEnd backEnd : backEnds) {
            sdk.jar("share/java/tornado/tornado-drivers-" + backEnd.id() + "-5.2.0-jdk25.jar", backEnd.module());
            sdk.file("lib/" + System.mapLibraryName("tornado-" + backEnd.id()), "");
            sdk.file(
                    "etc/exportLists/" + backEnd.id() + "-exports",
                    "--add-opens=java.base/java.lang=" + backEnd.module() + "\n");
        }
        return sdk;
    }

    /** Writes a file below it, or over it. */
    RecordedSdk file(String path, String text) {
        try {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.writeString(folder.resolve(path), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A jar of one module. */
    RecordedSdk jar(String path, String module, String... required) {
        file(path, "");
        byte[] info = ClassFile.of().buildModule(ModuleAttribute.of(ModuleDesc.of(module), builder -> {
            builder.requires(ModuleDesc.of("java.base"), List.of(AccessFlag.MANDATED), null);
            for (String name : required) {
                builder.requires(ModuleDesc.of(name), List.of(), null);
            }
        }));
        try (OutputStream out = Files.newOutputStream(folder.resolve(path));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("module-info.class"));
            zip.write(info);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes something away. */
    RecordedSdk without(String path) {
        try {
            Files.delete(folder.resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
