"""The way to the registers of a district, and to the books of its holders."""

from django.urls import path

from heli.ledger.views import bank, books, dividends, members, statements
from heli.ledger.views.property import home, proof

app_name = "property"
urlpatterns = [
    path("", home, name="home"),
    path("transfers/<str:about_id>/<str:row_id>/proof/", proof, name="proof"),
    path("books/", books.holders, name="books"),
    path("books/<str:holder_id>/", books.holder, name="holder"),
    path("books/<str:holder_id>/statements/", statements.statements, name="statements"),
    path("books/<str:holder_id>/members/", members.roll, name="roll"),
    path("books/<str:holder_id>/bank/", bank.bank, name="bank"),
    path("books/<str:holder_id>/dividend/", dividends.dividend, name="dividend"),
    path("books/<str:holder_id>/vouchers/", books.day_book, name="day_book"),
    path("books/<str:holder_id>/vouchers/new/", books.voucher_new, name="voucher_new"),
    path("books/<str:holder_id>/vouchers/<str:voucher_id>/", books.voucher, name="voucher"),
    path("books/<str:holder_id>/accounts/<str:code>/", books.account, name="account"),
]
