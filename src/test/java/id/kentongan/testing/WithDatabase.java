// SPDX-License-Identifier: Apache-2.0
package id.kentongan.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/**
 * The whole application on a fresh database of the real PostgreSQL, without the demonstration tenant, its
 * web server on a free port. Tests that use it unchanged share one context, so they make their own tenants
 * ({@link TestTenants}) and never count rows across tenants.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("test")
@Import({TestDatabaseConfiguration.class, TestTenants.class})
public @interface WithDatabase {}
