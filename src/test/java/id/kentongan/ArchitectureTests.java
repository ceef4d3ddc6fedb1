// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

/** The shape of the house: modules, floors, what is public, what is named. */
class ArchitectureTests {
    /** Templates read these by reflection, so they cannot be package-private. */
    private static final Set<String> READ_BY_TEMPLATES = Set.of("id.kentongan.site.internal.Shell");

    private static final ApplicationModules MODULES = ApplicationModules.of(Kentongan.class);
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("id.kentongan");

    @Test
    void modulesKeepToTheirBordersAndTheirDeclaredDependencies() {
        MODULES.verify();
    }

    @Test
    void moduleDiagramsAreWritten() {
        new Documenter(MODULES, Documenter.Options.defaults().withOutputFolder("target/modules"))
                .writeModulesAsPlantUml()
                .writeIndividualModulesAsPlantUml();
        assertThat(Path.of("target/modules/components.puml")).exists();
    }

    @Test
    void theKernelIsPlainJava() {
        noClasses()
                .that()
                .resideInAPackage("id.kentongan.kernel..")
                .and()
                .haveSimpleNameNotEndingWith("package-info")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void nothingPublicLiesBelowInternalUnlessASubPackageOfTheModuleNeedsIt() {
        var strangers = CLASSES.stream()
                .filter(type -> type.getPackageName().contains(".internal"))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> type.getDirectDependenciesToSelf().stream()
                        .map(dependency -> dependency.getOriginClass().getPackageName())
                        .allMatch(type.getPackageName()::equals))
                .map(JavaClass::getName)
                .filter(name -> !READ_BY_TEMPLATES.contains(name))
                .collect(Collectors.toSet());
        assertThat(strangers).isEmpty();
    }

    @Test
    void noNameSaysNothing() {
        classes()
                .should()
                .haveNameNotMatching(".*(Dto|Impl|Entity|Manager|Util|Utils|Helper)")
                .check(CLASSES);
    }

    @Test
    void timeComesFromTheInjectedClock() {
        noClasses()
                .that()
                .haveNameNotMatching("id.kentongan.kernel.Ids")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .check(CLASSES);
    }

    /** The sweep of left-over files asks them; a module without one would lose its files after a day. */
    @Test
    void everyModuleThatStoresFilesSaysWhichOfThemItNames() {
        var storing = CLASSES.stream()
                .filter(type -> type.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(id.kentongan.privacy.SealedFiles.class)
                                && call.getName().equals("store")))
                .map(ArchitectureTests::module)
                .collect(Collectors.toSet());
        var holding = CLASSES.stream()
                .filter(type -> type.isAssignableTo(id.kentongan.privacy.spi.FileHolder.class) && !type.isInterface())
                .map(ArchitectureTests::module)
                .collect(Collectors.toSet());
        assertThat(storing).isNotEmpty();
        assertThat(holding).containsAll(storing);
    }

    private static String module(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    @Test
    void everySourceFileNamesItsLicence() throws Exception {
        try (var files = Files.walk(Path.of("src"))) {
            var without = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !firstLine(file).contains("SPDX-License-Identifier: Apache-2.0"))
                    .map(Path::toString)
                    .toList();
            assertThat(without).isEmpty();
        }
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> marked = CLASSES.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .distinct()
                .filter(name -> !marked.contains(name))
                .toList();
        assertThat(unmarked).isEmpty();
    }

    private static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
