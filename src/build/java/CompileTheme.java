// SPDX-License-Identifier: Apache-2.0
import static java.nio.charset.StandardCharsets.UTF_8;

import de.larsgrefer.sass.embedded.SassCompilerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compiles the theme's Sass to plain CSS while the project is built, so that neither Node nor a Sass
 * installation is needed. The GOV.UK Frontend sources are read out of their webjar on the class path.
 *
 * <p>Arguments: the folder of the theme's sources, the folder for the CSS. Every {@code *.scss} whose
 * name does not begin with an underscore becomes one {@code .css}.
 */
class CompileTheme {
    public static void main(String[] args) throws Exception {
        Path sources = Path.of(args[0]);
        Path target = Files.createDirectories(Path.of(args[1]));
        Path webjar = unpackGovukFrontend(target.resolveSibling("../theme-lib").normalize());
        try (var compiler = SassCompilerFactory.bundled()) {
            compiler.setLoadPaths(List.of(sources.toFile(), webjar.toFile()));
            compiler.setQuietDeps(true);
            // GOV.UK Frontend 5 is written with @import; its sixth edition is not, and is not served yet.
            compiler.addSilenceDeprecation("import");
            compiler.setOutputStyle(com.sass_lang.embedded_protocol.OutputStyle.COMPRESSED);
            try (var files = Files.newDirectoryStream(sources, "[!_]*.scss")) {
                for (Path file : files) {
                    var name = file.getFileName().toString().replace(".scss", ".css");
                    var css = compiler.compileFile(file.toFile()).getCss();
                    Files.writeString(target.resolve(name), css, UTF_8);
                }
            }
        }
    }

    private static Path unpackGovukFrontend(Path folder) throws IOException {
        var marker = CompileTheme.class.getClassLoader().getResource("META-INF/resources/webjars/govuk-frontend");
        if (marker == null) throw new IllegalStateException("The govuk-frontend webjar is not on the class path");
        var connection = (java.net.JarURLConnection) marker.openConnection();
        try (var jar = connection.getJarFile()) {
            var prefix = "META-INF/resources/webjars/govuk-frontend/";
            for (var entry : (Iterable<java.util.jar.JarEntry>) jar.stream()::iterator) {
                if (entry.isDirectory()
                        || !entry.getName().startsWith(prefix)
                        || !entry.getName().endsWith(".scss")) continue;
                var relative = entry.getName().substring(prefix.length());
                relative = relative.substring(relative.indexOf('/') + 1);
                Path out = folder.resolve(relative);
                if (Files.exists(out)) continue;
                Files.createDirectories(out.getParent());
                try (var in = jar.getInputStream(entry)) {
                    Files.copy(in, out);
                }
            }
        }
        return folder.resolve("dist");
    }
}
