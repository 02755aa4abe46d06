"""Settings shared by every way of running the portal; the environment is read through `environment` alone."""

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from portal.settings import environment

ROOT: Path = environment.PROJECT_ROOT
VAR: Path = environment.path("PORTAL_VAR", ROOT / "var")

# --- what this installation is -------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = environment.text("PORTAL_SECRET_KEY")
ALLOWED_HOSTS = environment.words("PORTAL_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("PORTAL_ORIGINS")
PORTAL_BASE_URL = environment.text("PORTAL_BASE_URL", "http://127.0.0.1:8000")
WAGTAIL_SITE_NAME = "Поруч"
# where readers report barriers; named on the page about accessibility
PORTAL_ACCESSIBILITY_MAIL = environment.text("PORTAL_ACCESSIBILITY_MAIL")
WAGTAILADMIN_BASE_URL = PORTAL_BASE_URL

# --- apps, from the outermost layer to the innermost ---------------------------------------------------------------
INSTALLED_APPS = [
    "portal.site",
    "search",
    "procurement",
    "registry",
    "portal.accounts",
    "portal.kernel",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.sites",
    "portal.site.users_app.PortalUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "import_export",
    "csp",
    "django_htmx",
    "leaflet",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.kernel.content_policy.DeskPolicyMiddleware",
    "portal.kernel.content_policy.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SessionAgeMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # only where no page is found at the address
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # the last: it puts the page of the lock-out in place of the answer
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.site.urls"
WSGI_APPLICATION = "portal.site.wsgi.application"
# an address typed without a scheme is https, as it will be by default in Django 6
FORMS_URLFIELD_ASSUME_HTTPS = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.site.context_processors.layout",
            ],
        },
    },
]

# --- data ----------------------------------------------------------------------------------------------------------
DATABASES = {"default": environment.database("PORTAL_DATABASE", VAR / "portal.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/media/"
# Files with restricted readers live outside MEDIA_ROOT, so no web server can hand them out by accident.
PRIVATE_ROOT = environment.path("PORTAL_PRIVATE", VAR / "private")
# The key that opens sealed proposals and the key of drafts: in production both lie on a disk that no backup of database
# and files takes along.
SEALING_KEY_FILE = environment.path("PORTAL_SEALING_KEY", VAR / "keys" / "sealing.key")
DRAFT_KEY_FILE = environment.path("PORTAL_DRAFT_KEY", VAR / "keys" / "drafts.key")
# `prepare` makes keys that are missing where this is on; a hromada's server never makes one unasked
PORTAL_MAKES_KEYS = False
# revisions after the close are refused by the database's own clock too
GUARD_CLOSING_BY_CLOCK = True
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # parts of the frame that are the same on all pages of a language, or of a view in it: kept while the process lives
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

# --- people --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/cabinet/"
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "signup": "portal.accounts.forms.SignUpForm",
    "reset_password": "portal.accounts.forms.AskForResetForm",
    "reset_password_from_key": "portal.accounts.forms.NewPasswordForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "reauthenticate": "portal.accounts.forms.PasswordAgainForm",
}
# failed sign-ins are counted by axes in the database; what is left here is kept by each process for itself
ACCOUNT_RATE_LIMITS = {"login_failed": None}

# the second factor: a code of an application, and codes on paper for the day the telephone is lost
MFA_ADAPTER = "portal.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = WAGTAIL_SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "portal.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "portal.accounts.forms.ActivateForm",
}

# the lock-out: so many failures for one account from one address close sign-in there for so long
AXES_FAILURE_LIMIT = environment.number("PORTAL_LOCKOUT_FAILURES", 5)
AXES_COOLOFF_TIME = timedelta(minutes=environment.number("PORTAL_LOCKOUT_MINUTES", 15))
# wrong codes from wherever they come: whoever guesses them knows the password already and has many addresses
SECOND_FACTOR_FAILURES = 10
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "portal.accounts.lockout.account_name"
AXES_CLIENT_IP_CALLABLE = "portal.accounts.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "portal.accounts.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "email", "code", "csrfmiddlewaretoken"]
# how many proxies of our own stand before the portal: the visitor's address is read so far from the end of the list
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("PORTAL_PROXIES", 0)

# how long a session lives without a request, and at most; shorter for officials
SESSION_IDLE = timedelta(minutes=environment.number("PORTAL_SESSION_IDLE_MINUTES", 24 * 60))
SESSION_LONGEST = timedelta(hours=environment.number("PORTAL_SESSION_HOURS", 14 * 24))
OFFICIAL_SESSION_IDLE = timedelta(minutes=environment.number("PORTAL_OFFICIAL_IDLE_MINUTES", 60))
OFFICIAL_SESSION_LONGEST = timedelta(hours=environment.number("PORTAL_OFFICIAL_SESSION_HOURS", 12))
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
# `make_accounts` makes one account per role where this is on; never on a hromada's server
PORTAL_DEMO_ACCOUNTS = False
# how many invented providers `prepare` puts into a register that has none
PORTAL_DEMO_PROVIDERS = environment.number("PORTAL_DEMO_PROVIDERS", 0)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "uk"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("uk", _("Ukrainian")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "portal" / "locale"]
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Kyiv"

# --- files that ship with the code -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "portal" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# what is uploaded below these addresses is never written to a disk in the clear
UPLOADS_IN_MEMORY = ("/cabinet/proposals/",)
FILE_UPLOAD_HANDLERS = [
    "portal.kernel.uploads.PathNoticingHandler",
    "portal.kernel.uploads.UnwrittenHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- what a page may load: its own files alone, nothing inline; Wagtail's desk writes styles and scripts into pages ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DESK_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "default-src": ["'self'", "blob:"],
    "img-src": ["'self'", "data:", "blob:"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    # the preview of a page is a frame of the desk
    "frame-ancestors": ["'self'"],
}
# of what a device can do pages ask for one thing: where the reader is, when the reader presses "near me"
PERMISSIONS_POLICY = {"geolocation": "(self)", "camera": "()", "microphone": "()", "payment": "()", "usb": "()"}

# --- mail: written to the outbox in the transaction, sent by the worker after commit ---------------------------------
EMAIL_BACKEND = environment.text("PORTAL_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = environment.text("PORTAL_EMAIL_HOST", "localhost")
EMAIL_PORT = environment.number("PORTAL_EMAIL_PORT", 25)
DEFAULT_FROM_EMAIL = environment.text("PORTAL_MAIL_FROM", "Поруч <no-reply@localhost>")

# --- Wagtail -------------------------------------------------------------------------------------------------------
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# editors send pages to moderation; whose letters about it go by the same way as all others
WAGTAIL_WORKFLOW_ENABLED = True
# a page whose address changes is found at the old one too
WAGTAILREDIRECTS_AUTO_CREATE = True
# passwords and addresses are kept by the pages of accounts alone
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "rtf", "txt", "xlsx"]

# --- open data -------------------------------------------------------------------------------------------------------
# A prefix is registered once for each publisher, at the Open Contracting Partnership and at 360Giving. Those below are
# registered nowhere: data under them are for trying out.
OCDS_PREFIX = environment.text("PORTAL_OCDS_PREFIX", "ocds-poruch")
THREESIXTY_PREFIX = environment.text("PORTAL_360GIVING_PREFIX", "360G-poruch")
# snapshots of the open data are published once a night from this hour on; so many days are kept, none publishes none
SNAPSHOTS_DIR = VAR / "snapshots"
SNAPSHOTS_KEPT = environment.number("PORTAL_SNAPSHOTS_KEPT", 30)
SNAPSHOT_HOUR = environment.number("PORTAL_SNAPSHOT_HOUR", 2)

# --- search: "tantivy" keeps its index in SEARCH_DIR, "elasticsearch" on a server, "none" has none --------------------
SEARCH_ENGINE = environment.text("PORTAL_SEARCH_ENGINE", "tantivy")
SEARCH_DIR = VAR / "search"
ELASTICSEARCH_URL = environment.text("PORTAL_ELASTICSEARCH_URL")

# --- limits of the portal itself -------------------------------------------------------------------------------------
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
# how much one account may bring in a day, whether it is used or not
DOCUMENT_BYTES_A_DAY = 1024 * 1024 * 1024
IMPORT_MAX_BYTES = 512 * 1024 * 1024
IMPORT_MAX_ROWS = 2_000_000
REGISTER_PAGE_SIZE = 20
# where the button on pages about violence leads: somewhere that tells nothing of the page that was left
QUICK_EXIT_URL = "https://www.meteo.gov.ua/"
# requests of programs to the API from one address a minute, counted by each process; 0 for no limit
API_REQUESTS_A_MINUTE = environment.number("PORTAL_API_A_MINUTE", 300)
# webhooks of others may lead to this very machine, without https: for development and tests alone
WEBHOOKS_TO_LOCALHOST = False
WEBHOOKS_OF_ONE_OWNER = 5
# reports of mistakes: from one network and of one card a day, how long the form holds, what is too fast for a person
MISTAKE_REPORTS_A_DAY = 5
MISTAKE_LETTERS_A_DAY = 10
MISTAKE_FORM_LIFE = timedelta(hours=12)
MISTAKE_FORM_SHORTEST = timedelta(seconds=3)
# news of competitions by e-mail: asked for from one network and for one address a day, how long a confirmation waits
ALERTS_A_DAY = 20
ALERT_LETTERS_A_DAY = 3
ALERT_LIFE = timedelta(days=3)
# questions about announcements from one person: each is a letter, and each may hold an end
QUESTIONS_A_DAY = 20
# attempts of one person to open proposals without the right, or too early: so many are listed in the decision log
OPENING_ATTEMPTS_A_DAY = 20
INVITATION_LIFE = timedelta(days=14)
# how long the link of a letter confirms a card
REMINDER_LIFE = timedelta(days=30)
# so many days before the decision on the social order is due its commissioners are reminded
ORDER_REMINDER_DAYS = (60, 30, 14, 3)
# so many days before the end bidders with an unfinished or unconfirmed proposal are reminded, officials of questions
COMPETITION_REMINDER_DAYS = (3, 1)
PENDING_CLAIMS_AT_MOST = 5
# each of them is a letter to somebody who did not ask for one
CLAIMS_A_DAY = 20
INVITATIONS_A_DAY = 50
# what is left of a letter that has left: nothing, after so long
LETTERS_KEPT = timedelta(days=30)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
