package miroir.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The house style, as far as class files show it. */
@Tag("source")
class StyleTest {
    private static final JavaClasses MAIN = CompiledModules.main();
    private static final JavaClasses TESTS = CompiledModules.tests();

    /** FHIR has a type whose name ends like one of them. */
    private static final String BANNED_NAMES =
            ".*(Impl|Manager|Helper|Helpers|Util|Utils|Processor|(?<!Healthcare)Service|Data|DTO)";

    private static final int DEEPEST = 4;

    @Test
    void environment_outsideOfMains_isNotRead() {
        noClasses()
                .that(areNotMains())
                .should(callMethodWhere(calls(System.class, "getenv")))
                .check(MAIN);
    }

    @Test
    void console_outsideOfMains_isNotWrittenTo() {
        noClasses()
                .that(areNotMains())
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(MAIN);
    }

    @Test
    void packages_withClasses_areNullMarkedAndAtMostFourDeep() {
        Set<String> unmarked = new TreeSet<>();
        Set<String> tooDeep = new TreeSet<>();
        for (JavaClass type : MAIN) {
            JavaPackage in = type.getPackage();
            if (!in.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(in.getName());
            }
            if (in.getName().split("\\.", -1).length > DEEPEST) {
                tooDeep.add(in.getName());
            }
        }
        assertThat(unmarked).isEmpty();
        assertThat(tooDeep).isEmpty();
    }

    @Test
    void packages_all_sayWhatTheyAreAbout() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..service..", "..dto..")
                .check(MAIN);
    }

    @Test
    void classes_all_sayWhatTheyAre() {
        noClasses().should().haveNameMatching(BANNED_NAMES).check(MAIN);
        noClasses().should().haveNameMatching(BANNED_NAMES).check(TESTS);
    }

    /** The measuring framework subclasses its states. */
    @Test
    void classes_all_areFinalOrMeantToBeExtended() {
        classes()
                .that()
                .resideOutsideOfPackage("miroir.benchmarks..")
                .and()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .and()
                .doNotHaveModifier(ABSTRACT)
                .and()
                .areNotEnums()
                .should()
                .haveModifier(FINAL)
                .check(MAIN);
    }

    @Test
    void optional_everywhere_isNotKept() {
        fields().should().notHaveRawType(Optional.class).check(MAIN);
    }

    @Test
    void optional_everywhere_isNotAskedFor() {
        noCodeUnits()
                .that()
                .doNotHaveModifier(SYNTHETIC)
                .should()
                .haveRawParameterTypes(DescribedPredicate.describe(
                        "with an Optional",
                        types -> types.stream().anyMatch(type -> type.isEquivalentTo(Optional.class))))
                .check(MAIN);
    }

    @Test
    void mocks_everywhere_areNotUsed() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("org.mockito.."))
                .check(TESTS);
    }

    @Test
    void tests_all_awaitConditionsInsteadOfSleeping() {
        noClasses().should(callMethodWhere(calls(Thread.class, "sleep"))).check(TESTS);
    }

    @Test
    void tests_all_areNamedMethodAndCondition() {
        methods()
                .that()
                .areAnnotatedWith(Test.class)
                .or()
                .areAnnotatedWith(ParameterizedTest.class)
                .or()
                .areAnnotatedWith(RepeatedTest.class)
                .should()
                .haveNameMatching("[a-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+")
                .andShould()
                .beDeclaredInClassesThat()
                .haveNameMatching(".*(Test|IT|Contract)(\\$.*)?")
                .check(TESTS);
    }

    private static DescribedPredicate<JavaClass> areNotMains() {
        return DescribedPredicate.describe(
                "are not in a *Main", type -> !outermost(type).getSimpleName().endsWith("Main"));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(StyleTest::outermost).orElse(type);
    }

    private static DescribedPredicate<JavaMethodCall> calls(Class<?> owner, String method) {
        return DescribedPredicate.describe(
                "calls " + owner.getSimpleName() + "." + method,
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && call.getName().equals(method));
    }
}
