"""Rows of partners: our sites, customers and suppliers with their plants, people and machine tokens."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from milkrun.kernel.identity import new_public_id


class Site(models.Model):
    """A plant or warehouse of ours; business rows carry it."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=40, default="UTC")
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    tax_id = models.CharField(max_length=35, blank=True)

    def __str__(self) -> str:
        return self.code


class Dock(models.Model):
    """A gate of our site where trucks are loaded."""

    id = models.BigAutoField(primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, db_index=False)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="dock_code_once")]

    def __str__(self) -> str:
        return self.code


class Partner(models.Model):
    """Another company: a customer, a supplier or both."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    is_customer = models.BooleanField(default=True)
    is_supplier = models.BooleanField(default=False)
    our_number = models.CharField(max_length=35, blank=True)
    tax_id = models.CharField(max_length=35, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    tax_basis_points = models.PositiveIntegerField(default=0)
    picks_sequenced_calls = models.BooleanField(default=False)
    # What e-mails and papers to it are written in; "" for the installation's.
    language = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tax_basis_points__lte=10_000), name="partner_tax_share")]

    def __str__(self) -> str:
        return self.code


class ShipTo(models.Model):
    """A plant of a customer that goods are sent to."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, models.PROTECT, db_index=False)
    code = models.CharField(max_length=35)
    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=40, default="UTC")
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "code"], name="ship_to_code_once")]

    def __str__(self) -> str:
        return f"{self.partner.code}/{self.code}"


class UnloadingPoint(models.Model):
    """A gate of a customer's plant, by the name the customer writes in its calls."""

    id = models.BigAutoField(primary_key=True)
    ship_to = models.ForeignKey(ShipTo, models.PROTECT, db_index=False)
    code = models.CharField(max_length=35)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ship_to", "code"], name="unloading_point_once")]

    def __str__(self) -> str:
        return self.code


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail address, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user who signs in with this address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in; belongs to exactly one realm."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    realm = models.CharField(max_length=8, default="staff")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    # What pages are written in on every device after signing in; "" for the browser's.
    language = models.CharField(max_length=8, blank=True, default="")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(realm__in=["staff", "customer", "supplier"]), name="user_realm_known"),
            models.CheckConstraint(
                condition=Q(realm="staff", partner__isnull=True) | (~Q(realm="staff") & Q(partner__isnull=False)),
                name="user_realm_has_partner",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A role a person has, at one site or everywhere."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="roles", db_index=False)
    role = models.CharField(max_length=24)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=Q(site=None), name="role_everywhere_once"),
            models.UniqueConstraint(fields=["user", "role", "site"], name="role_at_site_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class RoleRights(models.Model):
    """What a role may do here, where that differs from the product's own table, or a role of this company's own."""

    name = models.CharField(max_length=24, primary_key=True)
    title = models.CharField(max_length=40, blank=True)
    actions = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A machine's key to the API; only its hash is kept."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    requests_per_minute = models.PositiveIntegerField(default=600)

    def __str__(self) -> str:
        return self.name


class TokenSite(models.Model):
    """A site that a token is good for; one without any is good for every site."""

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="sites", db_index=False)
    site = models.ForeignKey(Site, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "site"], name="token_site_once")]

    def __str__(self) -> str:
        return f"{self.token} at {self.site}"
